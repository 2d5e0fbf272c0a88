using System.Net.Sockets;
using System.Security.Authentication;
using GrainKube.ApiServer.Admission.Webhooks;

namespace GrainKube.ApiServer.Proxying;

/// <summary>Why a server could not be reached, in the words that Go's client has for it.</summary>
internal static class ConnectionFailures
{
    public static string Words(Exception broken)
    {
        for (var cause = broken; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case WebhookFailure ours:
                    return ours.Message;
                case AuthenticationException untrusted:
                    return $"tls: failed to verify certificate: x509: {untrusted.Message}";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "connect: connection refused";
            }
        }

        return broken.Message;
    }
}
