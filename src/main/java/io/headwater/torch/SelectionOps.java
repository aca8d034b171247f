package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import io.headwater.graph.GraphException;

/** Concat, Gather and Identity: elements put elsewhere. */
final class SelectionOps {
    private SelectionOps() {}

    static NDArray concat(OpCall call) {
        int count = call.node().inputs().size();
        NDList parts = new NDList(count);
        for (int i = 0; i < count; i++) {
            parts.add(call.tensor(i));
        }
        int axis = OpCall.axis(
                call.node().integer("axis", 0), call.tensor(0).getShape().dimension());
        return NDArrays.concat(parts, axis);
    }

    /** An embedding table's rows, which is what gradients flow into; other axes come with the operators that need them. */
    static NDArray gather(OpCall call) {
        NDArray table = call.tensor(0);
        NDArray indices = call.tensor(1);
        if (call.node().integer("axis", 0) != 0 || table.getShape().dimension() != 2) {
            throw new GraphException(call.node() + " gathers along axis "
                    + call.node().integer("axis", 0) + " of a tensor of rank "
                    + table.getShape().dimension() + "; only rows of a matrix are supported");
        }
        NDArray rows = indices.getDataType() == DataType.INT64 ? indices : indices.toType(DataType.INT64, false);
        return rows.getNDArrayInternal()
                .embedding(rows, table, SparseFormat.DENSE)
                .singletonOrThrow();
    }

    static NDArray identity(OpCall call) {
        return call.tensor(0);
    }
}
