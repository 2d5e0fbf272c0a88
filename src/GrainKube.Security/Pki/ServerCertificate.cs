using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace GrainKube.Security.Pki;

/// <summary>The serving certificate of this silo, made anew at start and again at two thirds of its life.</summary>
public sealed class ServerCertificate : IDisposable
{
    /// <summary>A year, as upstream's tools give.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private readonly CertificateAuthority authority;
    private readonly IReadOnlyCollection<string> names;
    private readonly SslCertificateTrust clients;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private volatile Presented current;

    /// <param name="authority">Who signs.</param>
    /// <param name="names">DNS names and addresses under which the server is reached.</param>
    /// <param name="clientAuthorities">Whose certificates clients may show. They are named in each handshake: a client that has several certificates, or one for somebody else, then knows what to show.</param>
    /// <param name="time">Drives the renewal.</param>
    public ServerCertificate(CertificateAuthority authority, IReadOnlyCollection<string> names, IEnumerable<CertificateAuthority> clientAuthorities, TimeProvider time)
    {
        (this.authority, this.names, this.time) = (authority, names, time);
        clients = SslCertificateTrust.CreateForX509Collection([.. clientAuthorities.Select(a => a.Certificate)], sendTrustInHandshake: true);
        current = Make();
        // A timer cannot wait for months; looking twice a day is enough.
        timer = time.CreateTimer(_ => RenewIfDue(), null, TimeSpan.FromHours(12), TimeSpan.FromHours(12));
    }

    /// <summary>What to present to a client that connects now.</summary>
    public X509Certificate2 Current => current.Issued.Certificate;

    /// <summary>
    /// The same, prepared for handshakes: one context for all of them, because for a bare certificate each handshake looks for its chain and sets the TLS library up anew,
    /// which costs more than the rest of it.
    /// </summary>
    public SslStreamCertificateContext Context => current.Context;

    /// <summary>When the present certificate is replaced.</summary>
    public DateTimeOffset RenewAt => current.Issued.RenewAt;

    /// <summary>The names every cluster's server has, besides those that a user adds.</summary>
    /// <param name="nodeName">Name of this node.</param>
    /// <param name="advertiseAddress">The address that is told to others.</param>
    /// <param name="firstServiceAddress">The address of the <c>kubernetes</c> service.</param>
    /// <param name="additional">Names and addresses asked for by the user.</param>
    public static IReadOnlyList<string> NamesFor(string nodeName, string advertiseAddress, string firstServiceAddress, IEnumerable<string> additional) =>
    [
        "localhost", "127.0.0.1", "::1",
        "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
        nodeName, advertiseAddress, firstServiceAddress, .. additional,
    ];

    public void Dispose() => timer.Dispose();

    private void RenewIfDue()
    {
        // The old one is not disposed: handshakes may still be using it.
        if (time.GetUtcNow() >= RenewAt)
        {
            current = Make();
        }
    }

    private Presented Make()
    {
        var issued = authority.IssueServer("kube-apiserver", names, Lifetime);
        return new Presented(issued, SslStreamCertificateContext.Create(issued.Certificate, additionalCertificates: null, offline: true, clients));
    }

    private sealed record Presented(IssuedCertificate Issued, SslStreamCertificateContext Context);
}
