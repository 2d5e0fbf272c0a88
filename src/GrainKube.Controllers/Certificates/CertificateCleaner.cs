using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.Certificates;

/// <summary>Removes requests that are settled or that nobody settles.</summary>
internal sealed class CertificateCleaner : Reconciler<V1CertificateSigningRequest>
{
    private static readonly TimeSpan Settled = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pending = TimeSpan.FromHours(24);

    public override string Name => "certificatesigningrequest-cleaner";

    public override string Identity => "certificate-controller";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1CertificateSigningRequest view, ReconcileContext context, CancellationToken cancel)
    {
        if (End(view, item.Header.CreationTimestamp) is not { } end)
        {
            return Outcome.Done;
        }

        if (end > context.Now)
        {
            return Outcome.WakeIn(end - context.Now);
        }

        await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid, item.Revision), cancel);
        return Outcome.Done;
    }

    /// <summary>When the request is to go; null where it stays: approved, and still to be signed by somebody.</summary>
    internal static DateTimeOffset? End(V1CertificateSigningRequest view, DateTimeOffset? created)
    {
        DateTimeOffset?[] ends =
        [
            After(view, CertificateConditions.Denied, Settled),
            After(view, CertificateConditions.Failed, Settled),
            view.Status?.Certificate is { Length: > 0 } ? After(view, CertificateConditions.Approved, Settled) : null,
            Expiry(view.Status?.Certificate),
            view.Status?.Certificate is not { Length: > 0 } && view.Status?.Conditions is not { Count: > 0 } ? created + Pending : null,
        ];
        return ends.Min();
    }

    private static DateTimeOffset? After(V1CertificateSigningRequest view, string type, TimeSpan time) =>
        CertificateConditions.Of(view, type) is { } condition && (condition.LastUpdateTime ?? condition.LastTransitionTime) is { } when ? new DateTimeOffset(when.ToUniversalTime(), TimeSpan.Zero) + time : null;

    private static DateTimeOffset? Expiry(byte[]? pem)
    {
        if (pem is not { Length: > 0 })
        {
            return null;
        }

        using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));
        return certificate.NotAfter.ToUniversalTime();
    }
}
