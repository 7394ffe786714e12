package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The forms that Go's programs and curl take.
class ProxySettingsTest {

    private static final String EC2 = "https://ec2.eu-central-1.amazonaws.com";

    @ParameterizedTest(name = "NO_PROXY={0}: {1} by proxy: {2}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            noProxy                           | url                                         | byProxy
            ''                                | https://ec2.eu-central-1.amazonaws.com      | true
            amazonaws.com                     | https://ec2.eu-central-1.amazonaws.com      | false
            amazonaws.com                     | https://amazonaws.com                       | false
            amazonaws.com                     | https://notamazonaws.com                    | true
            .amazonaws.com                    | https://ec2.eu-central-1.amazonaws.com      | false
            .amazonaws.com                    | https://amazonaws.com                       | true
            *.amazonaws.com                   | https://ec2.eu-central-1.amazonaws.com      | false
            AmazonAWS.com                     | https://EC2.eu-central-1.amazonaws.COM      | false
            amazonaws.com.                    | https://ec2.eu-central-1.amazonaws.com      | false
            amazonaws.com                     | https://ec2.eu-central-1.amazonaws.com.     | false
            '10.0.0.0/8 , .amazonaws.com'     | https://ec2.eu-central-1.amazonaws.com      | false
            'x.y .amazonaws.com'              | https://ec2.eu-central-1.amazonaws.com      | false
            ' .amazonaws.com '                | https://ec2.eu-central-1.amazonaws.com      | false
            *                                 | https://ec2.eu-central-1.amazonaws.com      | false
            'a.b, *'                          | https://ec2.eu-central-1.amazonaws.com      | false
            'a.b,,c.d'                        | https://ec2.eu-central-1.amazonaws.com      | true
            ec2.eu-central-1.amazonaws.com    | https://ec2.eu-central-1.amazonaws.com      | false
            amazonaws.com:443                 | https://ec2.eu-central-1.amazonaws.com      | false
            amazonaws.com:444                 | https://ec2.eu-central-1.amazonaws.com      | true
            amazonaws.com:8443                | https://ec2.eu-central-1.amazonaws.com:8443 | false
            ec2.local:80                      | http://ec2.local                            | false
            10.0.0.0/8                        | https://10.1.2.3:8443                       | false
            10.0.0.0/8                        | https://11.1.2.3:8443                       | true
            10.0.0.7/8                        | https://10.1.2.3:8443                       | false
            10.0.0.0/8                        | https://ec2.eu-central-1.amazonaws.com      | true
            10.1.2.3                          | https://10.1.2.3:8443                       | false
            10.1.2.3:8443                     | https://10.1.2.3:8443                       | false
            10.1.2.3:80                       | https://10.1.2.3:8443                       | true
            10.1.2                            | https://10.1.2.3                            | true
            2.3                               | https://10.1.2.3                            | true
            fd00:1::/32                       | https://[fd00:1::7]:8443                    | false
            fd00:1::7                         | https://[fd00:1::7]:8443                    | false
            [fd00:1::7]                       | https://[fd00:1::7]:8443                    | false
            [fd00:1::7]:8443                  | https://[fd00:1::7]:8443                    | false
            [fd00:1::7]:80                    | https://[fd00:1::7]:8443                    | true
            10.0.0.0/99                       | https://10.1.2.3                            | true
            ''                                | http://169.254.169.254                      | false
            ''                                | http://169.254.170.23/v1/credentials        | false
            ''                                | http://[fd00:ec2::254]                      | false
            ''                                | http://[fe80::1]                            | false
            ''                                | http://127.0.0.1:4599                       | false
            ''                                | http://localhost:4599                       | false
            ''                                | http://[::1]:4599                           | false
            """)
    void noProxy(String noProxy, URI url, boolean byProxy) throws SettingsException {
        ProxySettings proxies = proxies(
                Map.of("HTTPS_PROXY", "http://proxy:3128", "HTTP_PROXY", "http://proxy:3128", "NO_PROXY", noProxy));

        assertThat(proxies.proxyFor(url).isPresent()).isEqualTo(byProxy);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, nullValues = "-", textBlock = """
            value                            | host        | port | user | password
            http://proxy.corp:3128           | proxy.corp  | 3128 | ''   | ''
            proxy.corp:3128                  | proxy.corp  | 3128 | ''   | ''
            proxy.corp                       | proxy.corp  | 80   | ''   | ''
            HTTP://proxy.corp:3128/          | proxy.corp  | 3128 | ''   | ''
            http://us%40er:p%3Aw+d@proxy:8080| proxy       | 8080 | us@er| p:w+d
            user:pw@proxy:8080               | proxy       | 8080 | user | pw
            user@proxy:8080                  | proxy       | 8080 | user | ''
            10.0.0.9:3128                    | 10.0.0.9    | 3128 | ''   | ''
            http://squid_proxy:3128          | squid_proxy | 3128 | ''   | ''
            me:a%40b@squid_proxy.corp        | squid_proxy.corp | 80 | me | a@b
            http://[fd00::9]:3128            | fd00::9     | 3128 | ''   | ''
            ' proxy:1 '                      | proxy       | 1    | ''   | ''
            """)
    void aProxyIsNamed(String value, String host, int port, String user, String password) throws SettingsException {
        assertThat(proxies(Map.of("HTTPS_PROXY", value)).proxyFor(URI.create(EC2)))
                .contains(new HttpProxy(host, port, user, password));
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:hunter2@proxy:3128",
        "socks5://user:hunter2@proxy",
        "http://user:hunter2@",
        "http://user:hunter2@proxy:0",
        "http://user:hunter2@proxy:70000",
        "http://user:hunter2@proxy:port",
        "http://user:hunter2@squid_proxy:port",
        "http://user:hunter2@squid_proxy:70000",
        "http://user:hunter2@squid_proxy/path",
        "http://user:hunter2@proxy:1/path",
        "http://user:hunter2%zz@proxy:1"
    })
    void whatIsNoProxyIsAProblemThatDoesNotShowThePassword(String value) {
        SettingsException refused =
                catchThrowableOfType(SettingsException.class, () -> Settings.from(Map.of("https_proxy", value)));

        assertThat(refused.problems()).containsExactly("https_proxy: want [http://][user:password@]host[:port]");
    }

    @Test
    void eachSchemeHasItsOwnAndUpperCaseGoesBeforeLowerCase() throws SettingsException {
        ProxySettings proxies = proxies(Map.of(
                "HTTPS_PROXY",
                "upper:1",
                "https_proxy",
                "lower:2",
                "http_proxy",
                "plain:3",
                "no_proxy",
                "exempt.corp"));

        assertThat(proxies.proxyFor(URI.create(EC2))).map(HttpProxy::host).contains("upper");
        assertThat(proxies.proxyFor(URI.create("http://ec2.corp")))
                .map(HttpProxy::host)
                .contains("plain");
        assertThat(proxies.proxyFor(URI.create("http://exempt.corp"))).isEmpty();
        assertThat(proxies(Map.of("HTTP_PROXY", "plain:3")).proxyFor(URI.create(EC2)))
                .isEmpty();
    }

    @Test
    void whatIsInForceIsSaidWithoutThePassword() throws SettingsException {
        ProxySettings proxies =
                proxies(Map.of("HTTPS_PROXY", "me:hunter2@proxy:3128", "NO_PROXY", " 10.0.0.0/8 ,.corp"));

        assertThat(proxies.lines()).containsExactly("https by http://me:***@proxy:3128", "not for 10.0.0.0/8, .corp");
        assertThat(proxies.toString()).doesNotContain("hunter2");
        assertThat(proxies(Map.of("NO_PROXY", ".corp")).lines()).isEmpty();
    }

    private static ProxySettings proxies(Map<String, String> environment) throws SettingsException {
        return Settings.from(environment).proxies();
    }
}
