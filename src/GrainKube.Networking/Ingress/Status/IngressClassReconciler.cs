using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Ingress.Routing;

namespace GrainKube.Networking.Ingress.Status;

/// <summary>Makes the IngressClass of the doors, the default one, where it is missing at the start. What a user makes of it later is his.</summary>
internal sealed class IngressClassReconciler : IReconciler
{
    private static readonly ObjectKey Class = new("networking.k8s.io", "ingressclasses", "", IngressRules.ClassName);

    public string Name => "ingress-class";

    public string Identity => "ingress-class-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring.StartingWith(() => [Class]);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
        if (context.Objects.Get(Class) is not null)
        {
            return Outcome.Done;
        }

        var item = new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "IngressClass",
            ["metadata"] = new JsonObject
            {
                ["name"] = IngressRules.ClassName,
                ["annotations"] = new JsonObject { ["ingressclass.kubernetes.io/is-default-class"] = "true" },
            },
            ["spec"] = new JsonObject { ["controller"] = IngressRules.Controller },
        };
        try
        {
            await context.Objects.CreateAsync(item, cancel);
        }
        catch (ApiException there) when (there.Status.Reason == "AlreadyExists")
        {
            // Somebody else was faster.
        }

        return Outcome.Done;
    }
}
