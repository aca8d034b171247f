package io.headwater.cli;

import io.headwater.torch.TorchDevice;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that says where a training runs. */
final class DeviceOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "DEVICE",
            description = "auto, cpu or gpu:N (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String device;

    /** @throws ParameterException if it is no device of this machine */
    TorchDevice chosen() {
        try {
            return TorchDevice.of(device);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--" + e.getMessage(), e);
        }
    }
}
