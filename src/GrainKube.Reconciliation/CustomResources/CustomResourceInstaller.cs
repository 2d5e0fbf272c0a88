using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Client;
using GrainKube.Reconciliation.Slices;
using Microsoft.Extensions.Options;

namespace GrainKube.Reconciliation.CustomResources;

/// <summary>
/// Applies, when the silo starts, the definitions of the custom resources that this silo's reconcilers are about. What somebody else added to them stays; where silos of two versions start,
/// the later one's schema stands.
/// </summary>
internal sealed class CustomResourceInstaller(
    IEnumerable<IReconciler> reconcilers, ReconcilerCatalog catalog, ObjectClientFactory clients, IOptions<ReconciliationOptions> options) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly UserInfo Installer = UserInfo.Controller("custom-resource-installer");

    // With the residents: whoever reconciles a kind waits for it to be served.
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(CustomResourceInstaller), ServiceLifecycleStage.Active + 1, InstallAsync);

    private async Task InstallAsync(CancellationToken cancel)
    {
        var objects = clients.For(Installer);
        foreach (var model in reconcilers.Where(r => options.Value.IsEnabled(r.Name)).Select(r => catalog.WiringOf(r).Defines).OfType<Type>().Distinct())
        {
            await objects.ApplyAsync(CustomResourceManifest.Of(model), "", "grainkube", cancel);
        }
    }
}
