using GrainKube.Reconciliation.Residents;
using Microsoft.Extensions.Options;

namespace GrainKube.Reconciliation.Slices;

/// <summary>The slices of all controllers that are switched on.</summary>
internal sealed class SliceResidents(IEnumerable<IReconciler> reconcilers, IOptions<ReconciliationOptions> options) : IResidents
{
    public IEnumerable<Resident> All =>
        from reconciler in reconcilers
        where options.Value.IsEnabled(reconciler.Name)
        from index in Enumerable.Range(0, reconciler.Slices)
        select new SliceName(reconciler.Name, index).ToString() into key
        select new Resident($"Slice {key}", grains => grains.GetGrain<IReconcilerGrain>(key).StartAsync(), "controller-manager");
}
