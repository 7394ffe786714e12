package io.vpceni.eni.aws;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/// Why a source returns no credentials and what to do, in one sentence.
final class CredentialsTrouble {

    private static final int NOT_FOUND = 404;

    private static final int REASON_CHARS_MAX = 400;

    private static final Pattern LINE = Pattern.compile("line [0-9]+");

    /// What the SDK appends to a service's message: `(Service: Sts, Status Code: 403, Request ID: ...)`.
    private static final Pattern ABOUT_THE_CALL = Pattern.compile("\\s*\\((Service: |SDK Attempt Count: )[^)]*\\)");

    private CredentialsTrouble() {}

    static String text(CredentialsChoice choice, Throwable thrown) {
        String whose = choice.identity().isEmpty() ? "" : ", " + choice.identity();
        return "no credentials from " + choice.source().words() + whose + ": " + why(choice, thrown);
    }

    private static String why(CredentialsChoice choice, Throwable thrown) {
        @Nullable CredentialsFailure ours = CredentialsFailure.in(thrown);
        return switch (choice.source()) {
            case WEB_IDENTITY ->
                (ours == null ? sts(thrown) : ours.getMessage()) + "; the instance's role is not used instead";
            case POD_IDENTITY ->
                endpoint(
                        thrown,
                        "is eks-pod-identity-agent running on this node? ipamd goes on trying",
                        "check the pod identity association of the service account, and that the role trusts"
                                + " pods.eks.amazonaws.com");
            case CONTAINER -> endpoint(thrown, "is it running? ipamd goes on trying", "check the role behind it");
            case PROFILE ->
                reason(thrown) + line(thrown)
                        + ": check the shared files (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE); no other"
                        + " credentials are used instead";
            case INSTANCE_ROLE -> imds(thrown);
            case SYSTEM_PROPERTIES, ENVIRONMENT -> reason(thrown);
            case NONE ->
                "no variable names any, and AWS_EC2_METADATA_DISABLED=true forbids the instance's role: docs/iam.md"
                        + " lists what can be set";
        };
    }

    private static String sts(Throwable thrown) {
        AwsServiceException refused = find(thrown, AwsServiceException.class);
        if (refused == null) {
            return "STS does not answer (" + reason(thrown)
                    + "): check the route, the proxy and AWS_ENDPOINT_URL_STS; ipamd goes on trying";
        }
        String code = refused.awsErrorDetails() == null
                ? ""
                : String.valueOf(refused.awsErrorDetails().errorCode());
        String advice = switch (code) {
            case "AccessDenied", "AccessDeniedException" ->
                "the role's trust policy must name the cluster's OIDC provider and this service account";
            case "InvalidIdentityToken", "InvalidIdentityTokenException" ->
                "the account needs an IAM OIDC provider for this cluster, with the audience sts.amazonaws.com";
            case "ExpiredToken", "ExpiredTokenException" ->
                "the kubelet renews the token: check the kubelet, and this node's clock";
            case "IDPCommunicationError" -> "AWS does not reach the cluster's OIDC issuer; ipamd goes on trying";
            case "RegionDisabledException" -> "activate STS in this region, or set AWS_REGION";
            case "ValidationError" -> "check AWS_ROLE_ARN";
            default -> "ipamd goes on trying";
        };
        return "STS refuses (" + (code.isEmpty() ? "HTTP status " + refused.statusCode() : code) + ": "
                + cut(message(refused)) + "): " + advice;
    }

    private static String message(AwsServiceException refused) {
        return refused.awsErrorDetails() == null
                ? ""
                : String.valueOf(refused.awsErrorDetails().errorMessage());
    }

    private static String endpoint(Throwable thrown, String whenAway, String whenRefused) {
        SdkServiceException refused = find(thrown, SdkServiceException.class);
        if (refused != null) {
            return "it refuses (HTTP status " + refused.statusCode() + ": " + reason(refused) + "): " + whenRefused;
        }
        if (find(thrown, IllegalArgumentException.class) != null) {
            return "the token has characters that no HTTP header takes, as the end of a line: check"
                    + " AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
        }
        IOException away = find(thrown, IOException.class);
        return away == null ? reason(thrown) : "it does not answer (" + reason(away) + "): " + whenAway;
    }

    private static String imds(Throwable thrown) {
        SdkServiceException refused = find(thrown, SdkServiceException.class);
        boolean noRole = reason(thrown).toLowerCase(Locale.ROOT).contains("not found")
                || (refused != null && refused.statusCode() == NOT_FOUND);
        return noRole
                ? "the instance has no role: attach an instance profile, or configure one of docs/iam.md's other sources"
                : "IMDS gives none (" + reason(thrown) + "): ipamd goes on trying";
    }

    /// The message of the innermost cause. Only exceptions about answers and connections are quoted: others may
    /// contain the text that they could not parse, for example a token.
    private static String reason(Throwable thrown) {
        Throwable innermost = innermost(thrown);
        boolean quotable = innermost instanceof SdkException || innermost instanceof IOException;
        String said = quotable && innermost.getMessage() != null ? innermost.getMessage() : "";
        boolean bare = said.isEmpty() || innermost instanceof SocketTimeoutException;
        return cut(bare ? (innermost.getClass().getSimpleName() + " " + said).strip() : said);
    }

    /// The line at which the SDK's parser of the shared files stopped. The rest of its message may quote the file.
    private static String line(Throwable thrown) {
        Matcher line = LINE.matcher(String.valueOf(thrown.getMessage()));
        return line.find() ? " (" + line.group() + ")" : "";
    }

    /// Identifies a failure that persists: its code, status or class. Messages may contain the time or the
    /// request id.
    static String kind(Throwable thrown) {
        AwsServiceException refused = find(thrown, AwsServiceException.class);
        if (refused != null && refused.awsErrorDetails() != null) {
            return String.valueOf(refused.awsErrorDetails().errorCode());
        }
        SdkServiceException answered = find(thrown, SdkServiceException.class);
        return answered == null ? innermost(thrown).getClass().getName() : "HTTP status " + answered.statusCode();
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable innermost = thrown;
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            innermost = cause;
        }
        return innermost;
    }

    private static String cut(String text) {
        String oneLine = ABOUT_THE_CALL
                .matcher(text)
                .replaceAll("")
                .replaceAll("\\s+", " ")
                .strip();
        return oneLine.length() <= REASON_CHARS_MAX ? oneLine : oneLine.substring(0, REASON_CHARS_MAX) + "...";
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> kind) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
        }
        return null;
    }
}
