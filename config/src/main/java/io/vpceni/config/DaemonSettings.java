package io.vpceni.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/// Where ipamd listens, where it writes, and how long it lets the runtime wait.
///
/// @param socket unix socket on which ipamd serves the CNI binary, as ipamd sees it
/// @param hostSocket the same socket, as the CNI binary on the host sees it; written to the conflist
/// @param conflistDirectory where the conflist is written, as ipamd sees it
/// @param stateDirectory directory for state that must survive a reboot
/// @param journal the file that records the pool's decisions
/// @param awsCheckpoint the AWS VPC CNI's record of its pods, for the first start on a node that ran it
/// @param metrics where Prometheus metrics are served; a wildcard address means every address of the node
/// @param metricsDisabled true: no metrics server
/// @param introspection where introspection is served
/// @param introspectionDisabled true: /healthz and /readyz only
/// @param nodeName this node's name in Kubernetes; "" means unknown
/// @param addWait how long an ADD waits for an address before it fails; 1 to 100 seconds
/// @param ipamdWait how long the CNI binary waits for ipamd on ADD; 1 to 100 seconds
public record DaemonSettings(
        Path socket,
        Path hostSocket,
        Path conflistDirectory,
        Path stateDirectory,
        Path journal,
        Path awsCheckpoint,
        InetSocketAddress metrics,
        boolean metricsDisabled,
        InetSocketAddress introspection,
        boolean introspectionDisabled,
        String nodeName,
        LogFormat logFormat,
        LogLevel logLevel,
        Duration addWait,
        Duration ipamdWait) {

    /// The conflist for these settings.
    public Conflist conflist() {
        return new Conflist(hostSocket, ipamdWait);
    }

    static DaemonSettings from(Reading reading) {
        String nodeName = reading.value(Variables.MY_NODE_NAME);
        Path conflistDirectory = reading.value(Variables.HOST_CNI_CONFDIR_PATH);
        LogLevel logLevel = reading.value(Variables.AWS_VPC_K8S_CNI_LOGLEVEL);
        InetSocketAddress introspection = reading.value(Variables.INTROSPECTION_BIND_ADDRESS);
        boolean introspectionDisabled = reading.value(Variables.DISABLE_INTROSPECTION);
        boolean metricsDisabled = reading.value(Variables.DISABLE_METRICS);
        Path socket = reading.value(Variables.VPC_ENI_SOCKET);
        return new DaemonSettings(
                socket,
                reading.value(Variables.VPC_ENI_HOST_SOCKET, socket),
                conflistDirectory,
                reading.value(Variables.VPC_ENI_STATE_DIRECTORY),
                reading.value(Variables.VPC_ENI_JOURNAL, socket.resolveSibling("pool.journal")),
                reading.value(Variables.AWS_VPC_K8S_CNI_BACKING_STORE),
                reading.value(Variables.VPC_ENI_METRICS_BIND_ADDRESS),
                metricsDisabled,
                introspection,
                introspectionDisabled,
                nodeName,
                reading.value(Variables.VPC_ENI_LOG_FORMAT),
                logLevel,
                reading.value(Variables.VPC_ENI_ADD_WAIT_SECONDS),
                reading.value(Variables.VPC_ENI_IPAMD_WAIT_SECONDS));
    }
}
