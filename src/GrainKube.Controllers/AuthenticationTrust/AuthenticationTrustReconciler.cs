using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Controllers.AuthenticationTrust;

/// <summary>Keeps the ConfigMap by which extension servers know whom to believe: the authority of client certificates, that of the front proxy, and the headers it speaks in.</summary>
internal sealed class AuthenticationTrustReconciler(IOptions<AuthenticationTrustOptions> options) : IReconciler
{
    private static readonly ObjectKey Map = new("", "configmaps", "kube-system", "extension-apiserver-authentication");
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public string Name => "cluster-authentication-trust";

    public string Identity => "cluster-authentication-trust-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .Watches<V1ConfigMap>(change => change.Subject.Key == Map ? [Map] : [])
        .StartingWith(() => [Map]);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (options.Value.ClientAuthority.Length == 0)
        {
            return Outcome.Done;
        }

        var current = context.Objects.Get(Map);
        var data = current?.As<V1ConfigMap>().Data;
        var wanted = TrustPlan.For(options.Value, data);
        try
        {
            if (current is null)
            {
                await context.Objects.CreateAsync(
                    new JsonObject
                    {
                        ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = Map.Name, ["namespace"] = Map.Namespace }, ["data"] = wanted,
                    },
                    cancel);
            }
            else if (wanted.Any(entry => data?.TryGetValue(entry.Key, out var there) != true || there != (string?)entry.Value))
            {
                await context.Objects.PatchAsync(Map, new JsonObject { ["data"] = wanted }, "", new Preconditions(current.Header.Uid, current.Revision), cancel);
            }
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            return Outcome.WakeIn(LookAgain);
        }

        return Outcome.Done;
    }
}
