using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.BootstrapTokens;

/// <summary>Removes bootstrap tokens whose time is over.</summary>
internal sealed class BootstrapTokenCleaner : Reconciler<V1Secret>
{
    public override string Name => "token-cleaner";

    public override string Identity => "token-cleaner";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Secret view, ReconcileContext context, CancellationToken cancel)
    {
        if (BootstrapToken.Of(view)?.Expires is not { } end || item.Header.DeletionTimestamp is not null)
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
}
