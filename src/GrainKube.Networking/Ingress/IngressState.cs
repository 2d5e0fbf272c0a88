using System.Net.Security;
using GrainKube.Networking.Ingress.Certificates;
using GrainKube.Networking.Ingress.Routing;

namespace GrainKube.Networking.Ingress;

/// <summary>What the doors work by; replaced as a whole when something changed.</summary>
internal sealed class IngressState(TimeProvider time)
{
    private readonly Lazy<SslStreamCertificateContext> selfSigned = new(() => CertificateTable.SelfSigned(time));
    private volatile IngressRoutes routes = IngressRoutes.Empty;
    private volatile CertificateTable certificates = CertificateTable.Empty;

    public IngressRoutes Routes => routes;

    public SslStreamCertificateContext CertificateFor(string host) => certificates.Find(host) ?? selfSigned.Value;

    public void Replace(IngressRoutes newRoutes, CertificateTable newCertificates) => (routes, certificates) = (newRoutes, newCertificates);
}
