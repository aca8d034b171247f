package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.dataset.MailParser.Parsed;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MailParserTest {
    private static final String HOPS = "Received: from b by c; Thu, 22 Aug 2002 13:17:21 +0100 (IST)\n"
            + "Received: from a by b; Wed, 21 Aug 2002 01:00:00 +0000\n";

    private final MailParser parser =
            new MailParser(Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2004-01-01T00:00:00Z"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Thu, 22 Aug 2002 18:26:25 +0700 | 2002-08-22T11:26:25Z",
                "22 Aug 2002 18:26:25 -0400 | 2002-08-22T22:26:25Z",
                "Thu, 22 Aug 2002 18:26:25 -0400 (EDT) | 2002-08-22T22:26:25Z",
                "Thu,  2 Aug 02 18:26:25 GMT | 2002-08-02T18:26:25Z",
                "Thu, 22 Aug 102 18:26:25 +0000 | 2002-08-22T18:26:25Z",
                "Thu, 22 Aug 2002 18:26 +0000 | 2002-08-22T18:26:00Z",
                "Thu, 22 Aug 2002 18:26:25 EDT | 2002-08-22T22:26:25Z",
            })
    void date_ofTheSender_counts(String header, Instant expected) throws IOException {
        assertThat(parse(HOPS + "Date: " + header + "\n\nhi\n").date()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "'Date: \n'", "'Date: soon\n'", "'Date: Wed, 4 Oct 2028 16:05:01 +0000\n'"})
    void date_missingOrNotBelievable_isThatOfTheLastHop(String header) throws IOException {
        assertThat(parse(header + HOPS + "\nhi\n").date()).isEqualTo(Instant.parse("2002-08-22T12:17:21Z"));
    }

    @Test
    void date_nowhere_isNull() throws IOException {
        assertThat(parse("Subject: x\n\nDate: Thu, 22 Aug 2002 18:26:25 +0700\n")
                        .date())
                .isNull();
    }

    @Test
    void text_holdsNothingOfTheHeaders() throws IOException {
        Parsed parsed = parse("From sender@example.org  Thu Aug 22 13:17:22 2002\n" + HOPS
                + "X-Spam-Status: Yes\nSubject: =?iso-8859-1?q?caf=E9?=\n folded\nFrom: a@example.org\n\n  the body\n");
        assertThat(parsed.text()).isEqualTo("the body");
    }

    @Test
    void text_quotedPrintableInAnotherCharset_isDecoded() throws IOException {
        assertThat(parse("Content-Type: text/plain; charset=\"iso-8859-2\"\n"
                                + "Content-Transfer-Encoding: quoted-printable\n\n=B3=F3d=BC soft=\n break\n")
                        .text())
                .isEqualTo("łódź soft break");
    }

    @Test
    void text_base64_isDecoded() throws IOException {
        assertThat(parse("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
                                + "Z3LDvMOfZQ==\n")
                        .text())
                .isEqualTo("grüße");
    }

    @ParameterizedTest
    @CsvSource({"no-such-charset", "us-ascii", "iso-8859-1", "utf-8", "'bad name!'"})
    void text_charsetThatIsWrong_fallsBackToWindows(String charset) throws IOException {
        byte[] mail = ("Content-Type: text/plain; charset=\"" + charset + "\"\n\n\u201cfree\u201d caf\u00e9\n")
                .getBytes(Charset.forName("windows-1252"));
        assertThat(parser.parse(mail).text()).isEqualTo("\u201cfree\u201d caf\u00e9");
    }

    @Test
    void text_alternative_isThePlainPart() throws IOException {
        String mail = """
                Content-Type: multipart/mixed; boundary="outer"

                This is a multi-part message in MIME format.
                --outer
                Content-Type: multipart/alternative; boundary=inner

                --inner
                Content-Type: text/plain

                plain words
                --inner
                Content-Type: text/html

                <p>marked <b>words</b></p>
                --inner--
                --outer
                Content-Type: text/plain; name=a.txt
                Content-Disposition: attachment

                attached words
                --outer
                Content-Type: image/gif
                Content-Transfer-Encoding: base64

                R0lGODlh
                --outer--
                after the end
                """;
        assertThat(parse(mail).text()).isEqualTo("plain words");
        assertThat(parse(mail.replace("plain words", " ")).text()).isEqualTo("marked words");
    }

    @Test
    void text_htmlOnly_losesTagsScriptsAndEntities() throws IOException {
        String html = "<HTML><HEAD><TITLE>no</TITLE><style>p {no}</style></HEAD><BODY><P>Save&nbsp;70%<BR>now"
                + "<script>no()</script><!-- no --></BODY></HTML>\n";
        assertThat(parse("Content-Type: text/html\n\n" + html).text().replace('\u00a0', ' '))
                .isEqualTo("Save 70% now");
        assertThat(parse("Subject: says nothing\n\n" + html).text()).doesNotContain("<", "no(");
        assertThat(parse("Subject: code\n\nif (a <b> c) <html>\n").text()).isEqualTo("if (a <b> c) <html>");
    }

    @Test
    void text_enclosedMail_givesItsBodyOnly() throws IOException {
        assertThat(parse("Content-Type: message/rfc822\n\nSubject: inner\nX-Spam: yes\n\ninner body\n")
                        .text())
                .isEqualTo("inner body");
    }

    @Test
    void text_boundaryThatNeverComes_isEmpty() throws IOException {
        assertThat(parse("Content-Type: multipart/mixed; boundary=none\n\nX-Spam: yes\n")
                        .text())
                .isEmpty();
    }

    private Parsed parse(String mail) throws IOException {
        return parser.parse(mail.getBytes(StandardCharsets.UTF_8));
    }
}
