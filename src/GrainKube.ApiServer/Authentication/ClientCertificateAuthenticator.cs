using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Pki;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Authentication;

/// <summary>A client that showed a certificate of the cluster's authority when it connected.</summary>
internal sealed class ClientCertificateAuthenticator(ClientCertificates certificates, TimeProvider time) : IAuthenticator
{
    // One instance of the certificate belongs to one connection, which carries many requests; building its chain costs half a millisecond.
    private readonly ConditionalWeakTable<X509Certificate2, Known> connections = [];

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return ValueTask.FromResult<UserInfo?>(null);
        }

        var known = connections.GetValue(certificate, shown => new Known(certificates.Identify(shown), shown.NotAfter));
        return ValueTask.FromResult(time.GetUtcNow().UtcDateTime < known.Expires.ToUniversalTime() ? known.User : null);
    }

    private sealed record Known(UserInfo? User, DateTime Expires);
}
