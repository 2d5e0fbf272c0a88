using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Reconciliation.Slices;

/// <summary>The reconcilers of this process and what wakes them; the wiring of each is made once.</summary>
internal sealed class ReconcilerCatalog(IEnumerable<IReconciler> reconcilers, ResourceRegistry registry)
{
    private readonly Dictionary<string, ReconcilerWiring> wirings = reconcilers.ToDictionary(r => r.Name, r =>
    {
        var wiring = new ReconcilerWiring(registry);
        r.Configure(wiring);
        return wiring;
    });

    public ReconcilerWiring WiringOf(IReconciler reconciler) => wirings[reconciler.Name];
}
