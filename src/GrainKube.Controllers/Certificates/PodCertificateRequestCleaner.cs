using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.Certificates;

/// <summary>Removes requests for certificates of pods some time after they were made: whoever waits for one has it by then, or asks again.</summary>
internal sealed class PodCertificateRequestCleaner : Reconciler<V1PodCertificateRequest>
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    public override string Name => "podcertificaterequest-cleaner";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1PodCertificateRequest view, ReconcileContext context, CancellationToken cancel)
    {
        var end = (item.Header.CreationTimestamp ?? context.Now) + Kept;
        if (end > context.Now)
        {
            return Outcome.WakeIn(end - context.Now);
        }

        await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid), cancel);
        return Outcome.Done;
    }
}
