using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Resources.FlowControl;
using k8s.Models;

namespace GrainKube.Controllers.FlowControl;

/// <summary>Keeps the priority levels and flow schemas that every cluster has, and says of each flow schema whether its level is there.</summary>
/// <remarks>What is mandatory is put right whatever anybody says; the rest only where it is annotated so, or as nobody has changed it yet.</remarks>
internal sealed class FlowControlReconciler(WatchCache cache) : IReconciler
{
    private const string Group = "flowcontrol.apiserver.k8s.io";
    private const string LevelResource = "prioritylevelconfigurations";
    private const string SchemaResource = "flowschemas";
    private static readonly Dictionary<ObjectKey, JsonObject> Defaults = DefaultFlowControl.Levels().Select(l => (LevelResource, Item: l))
        .Concat(DefaultFlowControl.Schemas().Select(s => (SchemaResource, Item: s)))
        .ToDictionary(d => new ObjectKey(Group, d.Item1, "", (string)d.Item["metadata"]!["name"]!), d => d.Item);

    public string Name => "flow-control-configuration";

    // Upstream's API server does it itself.
    public string Identity => "flow-control-configuration-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .Watches<V1FlowSchema>(change => [change.Subject.Key])
        .Watches<V1PriorityLevelConfiguration>(change => SchemasOf(change.Subject.Key.Name).Append(change.Subject.Key))
        .StartingWith(() => cache.Kind(new GroupResource(Group, SchemaResource)).Snapshot.All.Select(o => o.Key).Union(Defaults.Keys));

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        var current = context.Objects.Get(key);
        if (Defaults.TryGetValue(key, out var wanted))
        {
            current = await KeepAsync(key, wanted, current, context, cancel);
        }

        if (current is not null && key.Resource == SchemaResource)
        {
            await SayAsync(current, context, cancel);
        }

        return Outcome.Done;
    }

    private static async Task<KubeObject?> KeepAsync(ObjectKey key, JsonObject wanted, KubeObject? current, ReconcileContext context, CancellationToken cancel)
    {
        if (current is null)
        {
            try
            {
                return await context.Objects.CreateAsync((JsonObject)wanted.DeepClone(), cancel);
            }
            catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists")
            {
                return null; // its own change follows
            }
        }

        var mandatory = DefaultFlowControl.IsMandatory(key.Name);
        var asked = Annotation(current);
        var keeps = mandatory || asked == "true" || (asked is not ("true" or "false") && current.Header.Generation == 1);
        var patch = new JsonObject();
        if (asked != (keeps ? "true" : "false"))
        {
            patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [DefaultFlowControl.AutoUpdate] = keeps ? "true" : "false" } };
        }

        var (spec, fixedSpec) = (current.ToNode()["spec"] as JsonObject ?? [], (JsonObject)wanted["spec"]!.DeepClone());
        if (key.Resource == LevelResource && key.Name == DefaultFlowControl.Exempt && spec["exempt"] is { } lends)
        {
            fixedSpec["exempt"] = lends.DeepClone(); // how much it has and lends is up to the cluster's owner
        }

        if (keeps && !JsonNode.DeepEquals(spec, fixedSpec))
        {
            patch["spec"] = Replacing(spec, fixedSpec);
        }

        return patch.Count == 0 ? current : await context.Objects.PatchAsync(key, patch, "", new Preconditions(current.Header.Uid, current.Revision), cancel);
    }

    /// <summary>A merge patch that leaves nothing of what was there.</summary>
    private static JsonObject Replacing(JsonObject there, JsonObject wanted)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in wanted)
        {
            patch[name] = value is JsonObject inner ? Replacing(there[name] as JsonObject ?? [], inner) : value?.DeepClone();
        }

        foreach (var (name, _) in there)
        {
            patch.TryAdd(name, null);
        }

        return patch;
    }

    private static Task SayAsync(KubeObject schema, ReconcileContext context, CancellationToken cancel)
    {
        var level = schema.As<V1FlowSchema>().Spec.PriorityLevelConfiguration?.Name ?? "";
        var found = context.Objects.Get(new ObjectKey(Group, LevelResource, "", level)) is not null;
        var words = $"This FlowSchema references the PriorityLevelConfiguration object named \"{level}\" {(found ? "and it exists" : "but there is no such object")}";
        return StatusPatch.WriteSharedAsync(schema, current => Conditions.With(current, "Dangling", !found, found ? "Found" : "NotFound", words, context.Now), context, cancel);
    }

    private IEnumerable<ObjectKey> SchemasOf(string level) =>
        cache.Kind(new GroupResource(Group, SchemaResource)).Snapshot.All.Where(s => s.As<V1FlowSchema>().Spec.PriorityLevelConfiguration?.Name == level).Select(s => s.Key);

    private static string? Annotation(KubeObject item) => (string?)item.ToNode()["metadata"]?["annotations"]?[DefaultFlowControl.AutoUpdate];
}
