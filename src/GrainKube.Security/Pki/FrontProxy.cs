using System.Security.Cryptography.X509Certificates;

namespace GrainKube.Security.Pki;

/// <summary>
/// The gateway as a proxy before other API servers: its client certificate, which they check, and the headers in which it says who asks. The names are those of every cluster
/// that kubeadm made.
/// </summary>
public sealed class FrontProxy(CertificateAuthority authority, TimeProvider time) : IDisposable
{
    /// <summary>Common name of the client certificate; the only one that may speak for others.</summary>
    public const string ClientName = "front-proxy-client";

    public const string UserHeader = "X-Remote-User";
    public const string UidHeader = "X-Remote-Uid";
    public const string GroupHeader = "X-Remote-Group";
    public const string ExtraPrefix = "X-Remote-Extra-";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private readonly Lock gate = new();
    private IssuedCertificate? issued;

    /// <summary>Valid now; another one when it has lived two thirds of its life.</summary>
    public X509Certificate2 ClientCertificate
    {
        get
        {
            lock (gate)
            {
                if (issued is null || time.GetUtcNow() >= issued.RenewAt)
                {
                    // The old one may still be in use by a connection that is being made.
                    issued = authority.IssueClient(ClientName, [], Lifetime);
                }

                return issued.Certificate;
            }
        }
    }

    /// <summary>True for the certificate of a proxy that may speak for others.</summary>
    public bool IsProxy(X509Certificate2 shown) => shown.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == ClientName && authority.IssuedToClient(shown, time.GetUtcNow());

    public void Dispose() => issued?.Certificate.Dispose();
}
