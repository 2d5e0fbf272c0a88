using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.Certificates.CertificateSigningRequests;

/// <summary><c>certificatesigningrequests/approval</c>: carries over <c>status.conditions</c>, labels and annotations, and dates the new conditions.</summary>
internal static class CertificateApproval
{
    public static readonly Subresource Subresource = new()
    {
        Name = "approval",
        Group = "certificates.k8s.io",
        Version = "v1",
        Kind = "CertificateSigningRequest",
        Verbs = ["get", "patch", "update"],
        Apply = Approve,
    };

    private static void Approve(JsonObject request, JsonObject body, WriteScope scope)
    {
        if (request["status"] is not JsonObject status)
        {
            request["status"] = status = [];
        }

        if (request["metadata"] is JsonObject metadata && body["metadata"] is JsonObject sent)
        {
            metadata.CarryOver("labels", sent);
            metadata.CarryOver("annotations", sent);
        }

        var before = (status["conditions"] as JsonArray)?.DeepClone() as JsonArray ?? [];
        status.CarryOver("conditions", body["status"] as JsonObject);
        Date(status, before, scope.Now);
    }

    /// <summary>Says when each condition was set, and when it came to be what it is.</summary>
    public static void Date(JsonObject status, JsonArray before, DateTimeOffset when)
    {
        var now = GoTime.Format(when);
        foreach (var condition in (status["conditions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            condition["lastUpdateTime"] ??= now;
            condition["lastTransitionTime"] ??= before.FirstOrDefault(
                c => (string?)c?["type"] == (string?)condition["type"] && (string?)c?["status"] == (string?)condition["status"])?["lastTransitionTime"]?.DeepClone() ?? now;
        }
    }
}
