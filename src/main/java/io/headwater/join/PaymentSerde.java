package io.headwater.join;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Payments between two stages of the topology. */
final class PaymentSerde implements Serde<Payment> {
    /** Begins each record, so that a rolling upgrade can tell forms apart. */
    private static final int FORMAT = 1;

    @Override
    public Serializer<Payment> serializer() {
        return (topic, payment) -> write(payment);
    }

    @Override
    public Deserializer<Payment> deserializer() {
        return (topic, bytes) -> read(bytes);
    }

    private static byte[] write(Payment payment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(payment.id());
            out.writeLong(payment.timeMs());
            out.writeUTF(payment.card());
            out.writeUTF(payment.terminal());
            out.writeFloat(payment.amount());
            out.writeFloat(payment.label());
            out.writeBoolean(payment.isPast());
            float[] features = payment.features() == null ? new float[0] : payment.features();
            out.writeShort(features.length);
            for (float feature : features) {
                out.writeFloat(feature);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Payment read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalStateException("a payment of form " + format + "; this version reads " + FORMAT);
            }
            String id = in.readUTF();
            long timeMs = in.readLong();
            String card = in.readUTF();
            String terminal = in.readUTF();
            float amount = in.readFloat();
            float label = in.readFloat();
            boolean isPast = in.readBoolean();
            float[] features = new float[in.readShort()];
            for (int i = 0; i < features.length; i++) {
                features[i] = in.readFloat();
            }
            return new Payment(id, timeMs, card, terminal, amount, label, isPast, features);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
