using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.ApiServices;

/// <summary>Registers the groups and versions of custom resources as APIServices of this server, for as long as a definition serves them. Keys are APIServices.</summary>
/// <remarks>An APIService without the label (an administrator's) is left alone, whatever it says.</remarks>
internal sealed class CustomApiServiceReconciler(WatchCache cache) : IReconciler
{
    private const string AutoManaged = "kube-aggregator.kubernetes.io/automanaged";
    private const string Continuously = "true";

    /// <summary>Upstream's for every custom resource.</summary>
    private const int GroupPriority = 1000;
    private const int VersionPriority = 100;
    private static readonly GroupResource Definitions = new("apiextensions.k8s.io", "customresourcedefinitions");
    private static readonly GroupResource ApiServices = new("apiregistration.k8s.io", "apiservices");

    public string Name => "crd-registration";

    // Upstream's API server does it itself.
    public string Identity => "crd-registration-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .Watches<V1APIService>(change => [change.Subject.Key])
        .Watches<V1CustomResourceDefinition>(change => Keys(change.Before).Union(Keys(change.After)))
        .StartingWith(() => cache.Kind(Definitions).Snapshot.All.SelectMany(Keys).Union(cache.Kind(ApiServices).Snapshot.All.Select(o => o.Key)));

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (key.Name.IndexOf('.', StringComparison.Ordinal) is not (> 0 and var dot))
        {
            return Outcome.Done;
        }

        var (version, group) = (key.Name[..dot], key.Name[(dot + 1)..]);
        var wanted = IsServed(group, version);
        if (context.Objects.Get(key) is not { } current)
        {
            if (wanted)
            {
                await RegisterAsync(key.Name, group, version, context, cancel);
            }

            return Outcome.Done;
        }

        if (current.Header.Labels.GetValueOrDefault(AutoManaged) != Continuously)
        {
            return Outcome.Done;
        }

        if (!wanted)
        {
            // A definition that is not there may merely not have been heard of.
            await cache.WaitUntilCurrentAsync(cancel);
            if (!IsServed(group, version))
            {
                await context.Objects.DeleteAsync(key, new Preconditions(current.Header.Uid), cancel);
            }
        }
        else if (!JsonNode.DeepEquals(current.ToNode()["spec"], Spec(group, version)))
        {
            var patch = new JsonObject { ["spec"] = Spec(group, version) };
            foreach (var field in (ReadOnlySpan<string>)["service", "caBundle", "insecureSkipTLSVerify"])
            {
                patch["spec"]![field] = null;
            }

            await context.Objects.PatchAsync(key, patch, "", new Preconditions(current.Header.Uid), cancel);
        }

        return Outcome.Done;
    }

    private static async Task RegisterAsync(string name, string group, string version, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await context.Objects.CreateAsync(
                new JsonObject
                {
                    ["apiVersion"] = "apiregistration.k8s.io/v1",
                    ["kind"] = "APIService",
                    ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [AutoManaged] = Continuously } },
                    ["spec"] = Spec(group, version),
                },
                cancel);
        }
        catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists")
        {
            // Its own change follows.
        }
    }

    private static JsonObject Spec(string group, string version) => new()
    {
        ["group"] = group, ["version"] = version, ["groupPriorityMinimum"] = GroupPriority, ["versionPriority"] = VersionPriority,
    };

    private bool IsServed(string group, string version) =>
        cache.Kind(Definitions).Snapshot.All.Select(CustomVersions.Of).Any(crd => crd.Group == group && crd.Served.Contains(version));

    private static IEnumerable<ObjectKey> Keys(KubeObject? crd) => crd is null
        ? []
        : CustomVersions.Of(crd).All.Select(version => new ObjectKey(ApiServices.Group, ApiServices.Resource, "", $"{version}.{CustomVersions.Of(crd).Group}"));

    /// <summary>The versions of a definition, read once.</summary>
    private sealed record CustomVersions(string Group, IReadOnlyList<string> All, IReadOnlyList<string> Served)
    {
        public static CustomVersions Of(KubeObject crd) => crd.Derive(static item =>
        {
            var spec = item.As<V1CustomResourceDefinition>().Spec;
            return new CustomVersions(spec.Group, [.. spec.Versions.Select(v => v.Name)], [.. spec.Versions.Where(v => v.Served).Select(v => v.Name)]);
        });
    }
}
