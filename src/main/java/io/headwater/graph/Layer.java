package io.headwater.graph;

import java.util.List;

/**
 * A piece of a backbone that users think of as one: an encoder layer, a block of a convolutional net, the embeddings.
 *
 * @param name the module's name in the file; {@code part.N} where names say nothing
 * @param order counted from the input, from 0
 * @param firstNode the first node that carries what it computes
 * @param lastNode the last one
 * @param parameters how many weights it holds; a weight that several layers share counts in the first
 * @param bytes what they take in the file
 * @param outputs the learned tensors at its end, which later layers or the model's outputs read: where it can be cut
 * @param isHead whether it is the model's own head, the linear map that makes the output
 */
public record Layer(
        String name,
        int order,
        String firstNode,
        String lastNode,
        long parameters,
        long bytes,
        List<String> outputs,
        boolean isHead) {
    public Layer {
        outputs = List.copyOf(outputs);
    }

    /** Right of this layer; what else crosses there, the splitter finds. */
    public Cut cutBehind() {
        return new Cut(outputs);
    }
}
