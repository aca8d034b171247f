package io.headwater.torch;

import java.util.List;
import java.util.Set;

/**
 * A family of networks whose whole graph was run here and compared with ONNX Runtime.
 *
 * @param opsets of the exports that were run
 * @param error the largest difference, relative to the largest output
 * @param exports what was run
 * @param operators all that occur in the exports
 */
record Architecture(String name, String opsets, String error, String exports, Set<String> operators) {
    private static final String TRANSFORMER =
            "Add Cast Concat Constant Div Erf Gather MatMul Mul Pow ReduceMean Reshape"
                    + " Shape Slice Softmax Sqrt Sub Transpose Unsqueeze";
    private static final String LATER = " ConstantOfShape Equal Expand Gelu Identity LayerNormalization Where";

    private static final String MASKS = " And Flatten GreaterOrEqual IsNaN Range";

    /** Measured, not derived: a line changes only with a run. */
    static final List<Architecture> RUN = List.of(
            of("MiniLM", "11", "5.2e-7", "all-MiniLM-L6-v2, lengths 8 and 32", TRANSFORMER),
            of(
                    "BERT",
                    "11, 12, 14, 17, 18, 20",
                    "4.6e-7",
                    "classifier of 2 layers, eager and SDPA attention, lengths 7 and 16; 3 layers as PyTorch 2.15 exports",
                    TRANSFORMER + LATER + MASKS + " Gemm GatherElements Tanh"),
            of(
                    "DistilBERT",
                    "11, 12, 14, 17, 18, 20",
                    "4.5e-7",
                    "2 layers, eager and SDPA attention, lengths 7 and 16; 3 layers as PyTorch 2.15 exports",
                    TRANSFORMER + LATER + MASKS),
            of(
                    "RoBERTa",
                    "14, 17",
                    "3.2e-7",
                    "3 layers, eager and SDPA attention, length 7",
                    TRANSFORMER + LATER + MASKS + " CumSum GatherElements Not"),
            of(
                    "ELECTRA",
                    "14, 17",
                    "6.8e-7",
                    "3 layers, eager and SDPA attention, length 7",
                    TRANSFORMER + LATER + MASKS + " GatherElements"),
            of(
                    "ALBERT",
                    "14, 17",
                    "5.5e-7",
                    "3 turns of one layer, eager and SDPA attention, length 7",
                    TRANSFORMER + LATER + MASKS + " GatherElements Tanh"),
            of(
                    "MPNet",
                    "14, 17",
                    "5.4e-7",
                    "3 layers, length 7",
                    TRANSFORMER + LATER + MASKS + " Abs CumSum Less Log Min Neg Not"),
            of(
                    "GPT-2",
                    "14, 17",
                    "8.0e-7",
                    "3 layers, eager and SDPA attention, length 7",
                    TRANSFORMER + LATER + MASKS + " Gemm LessOrEqual Split Squeeze Tanh"),
            of(
                    "T5 encoder",
                    "14, 17",
                    "7.4e-7",
                    "3 layers, eager and SDPA attention, length 7",
                    TRANSFORMER + LATER + MASKS + " Abs Greater Less Log Min Relu"),
            of(
                    "ResNet",
                    "11, 15, 17, 18, 20",
                    "1.4e-6",
                    "ResNet-18 and a short bottleneck net, with BatchNormalization and folded",
                    "Add BatchNormalization Conv Flatten Gemm GlobalAveragePool MaxPool Relu"),
            of(
                    "MobileNetV2",
                    "11, 13, 15, 17, 18, 20",
                    "8.7e-7",
                    "a trained one without its classifier (opset 13); width 0.25, with BatchNormalization and folded",
                    "Add BatchNormalization Clip Concat Constant Conv Flatten Gemm GlobalAveragePool"),
            of(
                    "MobileNetV3",
                    "11, 17",
                    "1.2e-6",
                    "small, folded",
                    "Add Conv Flatten Gemm GlobalAveragePool HardSigmoid HardSwish Identity Mul Relu"),
            of(
                    "VGG",
                    "12, 18",
                    "5.3e-7",
                    "VGG-11, folded, with a small classifier",
                    "Conv Flatten Gemm GlobalAveragePool MaxPool Relu"),
            of(
                    "Inception-v3",
                    "11, 12, 15, 17, 18, 20",
                    "1.2e-6",
                    "96 x 96 pixels, with BatchNormalization and folded",
                    "Add AveragePool BatchNormalization Concat Constant Conv Flatten Gather Gemm GlobalAveragePool"
                            + " MaxPool Mul Relu Unsqueeze"),
            of(
                    "EfficientNet",
                    "11, 15, 17, 18, 20",
                    "1.1e-6",
                    "B0 at 64 x 64 pixels, with BatchNormalization and folded",
                    "Add BatchNormalization Conv Flatten Gemm GlobalAveragePool Identity Mul Sigmoid"),
            of(
                    "DenseNet",
                    "11, 15, 17, 20",
                    "4.3e-7",
                    "four short blocks, with BatchNormalization",
                    "AveragePool BatchNormalization Concat Conv Flatten Gemm GlobalAveragePool MaxPool Relu"),
            of(
                    "ConvNeXt",
                    "11, 15, 17, 20",
                    "6.5e-7",
                    "two blocks",
                    "Add Constant Conv Div Erf Flatten Gelu Gemm GlobalAveragePool Identity LayerNormalization MatMul"
                            + " Mul Pow ReduceMean Sqrt Sub Transpose"),
            of(
                    "SqueezeNet",
                    "11, 17",
                    "7.2e-7",
                    "1.1 at 64 x 64 pixels",
                    "Concat Conv Flatten GlobalAveragePool Identity MaxPool Relu"),
            of(
                    "ShuffleNetV2",
                    "11, 17",
                    "1.2e-6",
                    "x0.5 at 64 x 64 pixels",
                    "Add Cast Concat Constant Conv Div Gather Gemm MaxPool Mul ReduceMean Relu Reshape Shape Slice"
                            + " Transpose Unsqueeze"),
            of(
                    "tabular MLP",
                    "11, 12, 17, 18, 20",
                    "1.9e-7",
                    "3 layers, BatchNormalization, GELU, LayerNormalization, Softmax",
                    "Add BatchNormalization Constant Div Erf Gelu Gemm LayerNormalization Mul Pow ReduceMean Relu"
                            + " Softmax Sqrt Sub"));

    private static Architecture of(String name, String opsets, String error, String exports, String operators) {
        return new Architecture(name, opsets, error, exports, Set.of(operators.split(" ")));
    }

    String line() {
        return "| %s | %s | %s | %s |\n".formatted(name, opsets, error, exports);
    }
}
