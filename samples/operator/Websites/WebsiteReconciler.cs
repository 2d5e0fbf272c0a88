using GrainKube.ApiMachinery.Objects;
using GrainKube.Reconciliation;
using k8s.Models;

namespace Websites;

/// <summary>Keeps a ConfigMap, a Deployment, a Service and, where a host is wanted, an Ingress as each Website says.</summary>
public sealed class WebsiteReconciler : Reconciler<Website>
{
    public override string Name => "website";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<Website>()
        .Owns<V1ConfigMap>()
        .Owns<V1Deployment>()
        .Owns<V1Service>()
        .Owns<V1Ingress>();

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, Website site, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null)
        {
            return Outcome.Done; // what it owns goes with it
        }

        await context.ApplyAsync(item, WebsitePlan.Pages(site), cancel);
        var deployment = await context.ApplyAsync(item, WebsitePlan.Deployment(site), cancel);
        var service = await context.ApplyAsync(item, WebsitePlan.Service(site), cancel);
        if (WebsitePlan.Ingress(site) is { } ingress)
        {
            await context.ApplyAsync(item, ingress, cancel);
        }
        else
        {
            await context.Objects.DeleteAsync(context.Objects.KeyOf<V1Ingress>(item.Key.Namespace, item.Key.Name), null, cancel);
        }

        await context.ApplyStatusAsync(item, WebsitePlan.Status(deployment.As<V1Deployment>(), service.As<V1Service>()), cancel);
        return Outcome.Done;
    }
}
