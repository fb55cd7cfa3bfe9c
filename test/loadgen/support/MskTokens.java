import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler;

/**
 * A broker's side of OAUTHBEARER for tests. It takes unsecured JWTs, as Kafka's own does, and what Amazon MSK takes with IAM:
 * a request to connect, signed (SigV4) by the one key that the system properties msk.key and msk.secret hold.
 */
public final class MskTokens extends OAuthBearerUnsecuredValidatorCallbackHandler {
    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerValidatorCallback asked && !asked.tokenValue().contains(".")) {
                try {
                    asked.token(validated(asked.tokenValue()));
                } catch (Exception refusal) {
                    asked.error("invalid_token", null, null);
                }
            } else {
                super.handle(new Callback[] {callback});
            }
        }
    }

    private static OAuthBearerToken validated(String value) throws Exception {
        URI uri = URI.create(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8));
        Map<String, String> query = new TreeMap<>();
        for (String pair : uri.getRawQuery().split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        query.remove("User-Agent");
        String signature = query.remove("X-Amz-Signature");
        String[] scope = decoded(query.get("X-Amz-Credential")).split("/", 2);
        String canonical = String.join("\n", "GET", uri.getPath(),
            query.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).collect(Collectors.joining("&")),
            "host:" + uri.getHost(), "", "host", hex(sha256("")));
        String date = query.get("X-Amz-Date");
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", date, scope[1], hex(sha256(canonical)));
        byte[] key = ("AWS4" + System.getProperty("msk.secret")).getBytes(StandardCharsets.UTF_8);
        for (String part : scope[1].split("/")) key = hmac(key, part);
        boolean mayConnect = "kafka-cluster:Connect".equals(decoded(query.get("Action")));
        if (!mayConnect || !scope[0].equals(System.getProperty("msk.key")) || !hex(hmac(key, toSign)).equals(signature)) {
            throw new IllegalArgumentException("not signed by the one who may connect");
        }
        long from = LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX")).toInstant(ZoneOffset.UTC).toEpochMilli();
        long until = from + 1000 * Long.parseLong(query.get("X-Amz-Expires"));
        if (until < System.currentTimeMillis()) throw new IllegalArgumentException("expired");
        return token(value, scope[0], from, until);
    }

    private static OAuthBearerToken token(String value, String principal, long from, long until) {
        return new OAuthBearerToken() {
            @Override public String value() { return value; }
            @Override public Set<String> scope() { return Set.of(); }
            @Override public long lifetimeMs() { return until; }
            @Override public String principalName() { return principal; }
            @Override public Long startTimeMs() { return from; }
        };
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
