using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Authentication;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Writes <c>admission.k8s.io AdmissionReview</c>s.</summary>
internal static class AdmissionReviews
{
    public const string Group = "admission.k8s.io";

    /// <summary>The <c>request</c> of a review.</summary>
    public static JsonObject Request(string uid, WebhookRequest request, WebhookInvocation invocation, JsonObject? item, JsonObject? old)
    {
        var version = invocation.Version;
        var (name, ns) = (request.NameFor(invocation.Webhook), request.NamespaceFor(invocation.Webhook));
        var json = new JsonObject
        {
            ["uid"] = uid,
            ["kind"] = Kind(request.KindIn(version)),
            ["resource"] = Resource(version, request),
        };
        if (request.Subresource.Length > 0)
        {
            json["subResource"] = request.Subresource;
        }

        json["requestKind"] = Kind(request.KindIn(request.Version));
        json["requestResource"] = Resource(request.Version, request);
        if (request.Subresource.Length > 0)
        {
            json["requestSubResource"] = request.Subresource;
        }

        if (name.Length > 0)
        {
            json["name"] = name;
        }

        if (ns.Length > 0)
        {
            json["namespace"] = ns;
        }

        json["operation"] = request.OperationName;
        json["userInfo"] = UserJson.Of(request.User);
        json["object"] = item?.DeepClone();
        json["oldObject"] = old;
        json["dryRun"] = request.DryRun;
        json["options"] = request.Options?.DeepClone();
        return json;
    }

    /// <summary>The review as it is posted. The request becomes part of it.</summary>
    public static byte[] Envelope(string version, JsonObject request) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["kind"] = "AdmissionReview", ["apiVersion"] = $"{Group}/{version}", ["request"] = request });

    private static JsonObject Kind(WebhookKind kind) => new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };

    private static JsonObject Resource(ServedVersion version, WebhookRequest request) =>
        new() { ["group"] = version.Group, ["version"] = version.Version, ["resource"] = request.Definition.Names.Plural };
}
