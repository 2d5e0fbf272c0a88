using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.Certificates;

/// <summary>Reads and adds what has been decided about a request.</summary>
internal static class CertificateConditions
{
    public const string Approved = "Approved";
    public const string Denied = "Denied";
    public const string Failed = "Failed";

    public static V1CertificateSigningRequestCondition? Of(V1CertificateSigningRequest item, string type) =>
        item.Status?.Conditions?.FirstOrDefault(c => c.Type == type && c.Status == "True");

    /// <summary>Adds a condition beside those that are there.</summary>
    public static Task AddAsync(KubeObject item, string subresource, string type, string reason, string message, ReconcileContext context, CancellationToken cancel)
    {
        var conditions = item.ToNode()["status"]?["conditions"]?.DeepClone() as JsonArray ?? [];
        conditions.Add((JsonNode)new JsonObject { ["type"] = type, ["status"] = "True", ["reason"] = reason, ["message"] = message });
        return context.Objects.PatchAsync(
            item.Key, new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }, subresource, new Preconditions(item.Header.Uid, item.Revision), cancel);
    }
}
