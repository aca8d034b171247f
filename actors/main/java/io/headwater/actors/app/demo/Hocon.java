package io.headwater.actors.app.demo;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.util.Map;

/** Settings by path as HOCON text. */
final class Hocon {
    private Hocon() {}

    static String of(Map<String, Object> settings) {
        return ConfigFactory.parseMap(settings).root().render(ConfigRenderOptions.concise());
    }
}
