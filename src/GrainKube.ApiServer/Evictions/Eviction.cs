using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Objects.Writes;

namespace GrainKube.ApiServer.Evictions;

/// <summary>What a posted <c>policy/v1 Eviction</c> asks for.</summary>
/// <param name="DryRun">By the query or by the body.</param>
/// <param name="GracePeriodSeconds">Null for the pod's own.</param>
/// <param name="Uid">The pod must have this uid; null for any.</param>
/// <param name="Revision">The pod must be at this revision; null for any.</param>
/// <param name="Propagation">What becomes of the pod's dependents.</param>
internal sealed record Eviction(bool DryRun, long? GracePeriodSeconds, string? Uid, long? Revision, DeletePropagation Propagation)
{
    /// <exception cref="ApiException">400 where the body is about another pod or contradicts the query.</exception>
    public static Eviction Read(UnstoredRequest request)
    {
        if (Text(request.Body["metadata"], "name") != request.Info.Name)
        {
            throw ApiException.BadRequest("name in URL does not match name in Eviction object");
        }

        var options = request.Body["deleteOptions"] as JsonObject;
        var revision = Text(options?["preconditions"], "resourceVersion");
        if (revision.Length > 0 && !long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw ApiException.BadRequest($"invalid resource version \"{revision}\"");
        }

        var uid = Text(options?["preconditions"], "uid");
        return new Eviction(
            request.DryRun || IsDryRun(options?["dryRun"]),
            options?["gracePeriodSeconds"] is JsonValue grace && grace.TryGetValue<long>(out var seconds) ? seconds : null,
            uid.Length > 0 ? uid : null,
            revision.Length > 0 ? long.Parse(revision, CultureInfo.InvariantCulture) : null,
            Text(options, "propagationPolicy") switch
            {
                "Orphan" => DeletePropagation.Orphan,
                "Foreground" => DeletePropagation.Foreground,
                "Background" => DeletePropagation.Background,
                "" => DeletePropagation.Default,
                var other => throw ApiException.BadRequest($"invalid propagationPolicy \"{other}\""),
            });
    }

    /// <exception cref="ApiException">409 where the pod is not the one that was meant.</exception>
    public void CheckPreconditions(KubeObject pod)
    {
        var kind = new GroupResource("", "Pod");
        if (Uid is not null && Uid != pod.Header.Uid)
        {
            throw ApiException.Conflict(
                kind, pod.Header.Name, $"the UID in the precondition ({Uid}) does not match the UID in record ({pod.Header.Uid}). The object might have been deleted and then recreated");
        }

        if (Revision is { } revision && revision != pod.Revision)
        {
            throw ApiException.Conflict(
                kind, pod.Header.Name, $"the ResourceVersion in the precondition ({revision}) does not match the ResourceVersion in record ({pod.Revision}). The object might have been modified");
        }
    }

    private static bool IsDryRun(JsonNode? values)
    {
        if (values is not JsonArray { Count: > 0 } list)
        {
            return false;
        }

        return list is [JsonValue only] && only.TryGetValue<string>(out var text) && text == "All"
            ? true
            : throw ApiException.BadRequest($"invalid dryRun {list.ToJsonString()}: only \"All\" is supported");
    }

    private static string Text(JsonNode? parent, string member) =>
        (parent as JsonObject)?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
