using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiServer.CustomResources.Conversion;

/// <summary>Strategy <c>Webhook</c>: objects go to the webhook in a <c>ConversionReview</c> and come back in the other version.</summary>
/// <param name="webhook"><c>spec.conversion.webhook</c>.</param>
/// <param name="webhooks">Reaches it.</param>
internal sealed class WebhookConversion(JsonObject webhook, ConversionWebhooks webhooks) : IVersionConversion
{
    private static readonly string[] Known = ["v1", "v1beta1"];

    public void Convert(IReadOnlyList<JsonObject> items, string apiVersion)
    {
        var others = items.Where(item => (string?)item["apiVersion"] != apiVersion).ToList();
        if (others.Count == 0)
        {
            return;
        }

        // Upstream names what is converted, not its definition.
        var subject = $"{(string?)others[0]["apiVersion"]}, Kind={(string?)others[0]["kind"]}";
        var version = (webhook["conversionReviewVersions"] as JsonArray ?? []).Select(v => (string?)v).FirstOrDefault(v => Known.Contains(v))
            ?? throw Failed("no supported conversion review versions");
        var uid = Guid.NewGuid().ToString();
        var review = new JsonObject
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = $"apiextensions.k8s.io/{version}",
            ["request"] = new JsonObject { ["uid"] = uid, ["desiredAPIVersion"] = apiVersion, ["objects"] = new JsonArray([.. others.Select(item => item.DeepClone())]) },
        };
        var converted = Converted(webhooks.Call(subject, (JsonObject)webhook["clientConfig"]!, review), subject, uid, version);
        if (converted.Count != others.Count)
        {
            throw Failed($"conversion webhook for {subject} returned {converted.Count} objects, expected {others.Count}");
        }

        // All are judged before one is changed.
        var made = converted.ToList();
        for (var i = 0; i < others.Count; i++)
        {
            Check(others[i], made[i], apiVersion, $"conversion webhook for {subject} returned invalid converted object at index {i}");
        }

        converted.Clear();
        for (var i = 0; i < others.Count; i++)
        {
            Take(others[i], (JsonObject)made[i]!);
        }
    }

    private static JsonArray Converted(JsonObject answer, string subject, string uid, string version)
    {
        var failed = $"conversion webhook for {subject} failed";
        if (version == "v1" && ((string?)answer["apiVersion"] != "apiextensions.k8s.io/v1" || (string?)answer["kind"] != "ConversionReview"))
        {
            throw Failed($"{failed}: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got {(string?)answer["apiVersion"]}, Kind={(string?)answer["kind"]}");
        }

        if (answer["response"] is not JsonObject response)
        {
            throw Failed($"{failed}: no response provided");
        }

        if (version == "v1" && (string?)response["uid"] != uid)
        {
            throw Failed($"{failed}: expected response.uid=\"{uid}\", got \"{(string?)response["uid"]}\"");
        }

        var status = (string?)response["result"]?["status"] ?? "";
        if (status == "Success")
        {
            return response["convertedObjects"] as JsonArray ?? [];
        }

        var message = (string?)response["result"]?["message"];
        throw Failed($"{failed}: {(string.IsNullOrEmpty(message) ? $"response.result.status was '{status}', not 'Success'" : message)}");
    }

    private static void Check(JsonObject item, JsonNode? converted, string apiVersion, string complaint)
    {
        if (converted is not JsonObject made)
        {
            throw Failed($"{complaint}: no object");
        }

        if ((string?)made["apiVersion"] != apiVersion)
        {
            throw Failed($"{complaint}: invalid groupVersion (expected {apiVersion}, received {(string?)made["apiVersion"]})");
        }

        if ((string?)made["kind"] != (string?)item["kind"])
        {
            throw Failed($"{complaint}: invalid kind (expected {(string?)item["kind"]}, received {(string?)made["kind"]})");
        }

        foreach (var (field, shown) in (ReadOnlySpan<(string, string)>)[("name", "name"), ("namespace", "namespace"), ("uid", "UID")])
        {
            var (before, after) = ((string?)item["metadata"]?[field], (string?)made["metadata"]?[field]);
            if (before != after)
            {
                throw Failed($"{complaint}: must have the same {shown}: {before} != {after}");
            }
        }
    }

    private static void Take(JsonObject item, JsonObject made)
    {
        var metadata = (JsonObject)item["metadata"]!.DeepClone();
        Restore(metadata, made["metadata"] as JsonObject);
        item.Clear();
        foreach (var (name, value) in made.ToList())
        {
            made.Remove(name);
            item[name] = value;
        }

        item["metadata"] = metadata;
    }

    /// <summary>Of metadata a webhook may change labels and annotations alone.</summary>
    private static void Restore(JsonObject metadata, JsonObject? made)
    {
        foreach (var name in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            metadata.Remove(name);
            if (made?[name] is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }
    }

    private static ApiException Failed(string message) => new(new Status { Code = 500, Reason = "InternalError", Message = message });
}
