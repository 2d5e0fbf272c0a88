using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Client;
using GrainKube.Reconciliation.Residents;
using GrainKube.Reconciliation.Slices;
using Microsoft.Extensions.Options;

namespace GrainKube.Reconciliation.CustomResources;

/// <summary>
/// The definitions of the custom resources that this silo's reconcilers are about: they are to stand in the cluster at all times. What somebody else added to them stays; where silos of two
/// versions start, the later one's schema stands.
/// </summary>
internal sealed class CustomResourceResidents(
    IEnumerable<IReconciler> reconcilers, ReconcilerCatalog catalog, ObjectClientFactory clients, IOptions<ReconciliationOptions> options) : IResidents
{
    private static readonly UserInfo Installer = UserInfo.Controller("custom-resource-installer");

    public IEnumerable<Resident> All =>
        from reconciler in reconcilers
        where options.Value.IsEnabled(reconciler.Name)
        let model = catalog.WiringOf(reconciler).Defines
        where model is not null
        select new Resident($"The definition of {model}", _ => clients.For(Installer).ApplyAsync(CustomResourceManifest.Of(model), "", "grainkube", CancellationToken.None));
}
