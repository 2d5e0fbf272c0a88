using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiServer.CustomResources.Conversion;

/// <summary>Strategy <c>Webhook</c>: an object goes to the webhook in a <c>ConversionReview</c> and comes back in the other version.</summary>
/// <param name="crd">Name of the CustomResourceDefinition.</param>
/// <param name="webhook"><c>spec.conversion.webhook</c>.</param>
/// <param name="webhooks">Reaches it.</param>
internal sealed class WebhookConversion(string crd, JsonObject webhook, ConversionWebhooks webhooks) : IVersionConversion
{
    private static readonly string[] Known = ["v1", "v1beta1"];

    public void Convert(JsonObject item, string apiVersion)
    {
        if ((string?)item["apiVersion"] == apiVersion)
        {
            return;
        }

        var version = (webhook["conversionReviewVersions"] as JsonArray ?? []).Select(v => (string?)v).FirstOrDefault(v => Known.Contains(v))
            ?? throw Failed($"no supported ConversionReview version in {crd}");
        var uid = Guid.NewGuid().ToString();
        var review = new JsonObject
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = $"apiextensions.k8s.io/{version}",
            ["request"] = new JsonObject { ["uid"] = uid, ["desiredAPIVersion"] = apiVersion, ["objects"] = new JsonArray(item.DeepClone()) },
        };
        Take(item, Response(webhooks.Call(crd, (JsonObject)webhook["clientConfig"]!, review), uid, version), apiVersion);
    }

    private JsonObject Response(JsonObject answer, string uid, string version)
    {
        if (answer["response"] is not JsonObject response)
        {
            throw Failed($"conversion webhook for {crd} failed: no response provided");
        }

        if (version == "v1" && (string?)response["uid"] != uid)
        {
            throw Failed($"conversion webhook for {crd} failed: expected response.uid {uid}, got {(string?)response["uid"]}");
        }

        if ((string?)response["result"]?["status"] == "Success")
        {
            return response;
        }

        var message = (string?)response["result"]?["message"];
        throw Failed($"conversion webhook for {crd} failed: {(string.IsNullOrEmpty(message) ? (string?)response["result"]?["reason"] ?? "unknown reason" : message)}");
    }

    private void Take(JsonObject item, JsonObject response, string apiVersion)
    {
        if (response["convertedObjects"] is not JsonArray { Count: 1 } converted || converted[0] is not JsonObject made)
        {
            throw Failed($"conversion webhook for {crd} returned {(response["convertedObjects"] as JsonArray)?.Count ?? 0} objects, expected 1");
        }

        if ((string?)made["apiVersion"] != apiVersion)
        {
            throw Failed($"conversion webhook for {crd} returned invalid converted object at index 0: invalid groupVersion (expected {apiVersion}, received {(string?)made["apiVersion"]})");
        }

        CheckIdentity(item, made);
        var metadata = item["metadata"]!.DeepClone();
        Restore((JsonObject)metadata, made["metadata"] as JsonObject);
        converted.RemoveAt(0);
        item.Clear();
        foreach (var (name, value) in made.ToList())
        {
            made.Remove(name);
            item[name] = value;
        }

        item["metadata"] = metadata;
    }

    private void CheckIdentity(JsonObject item, JsonObject made)
    {
        if ((string?)made["kind"] != (string?)item["kind"])
        {
            throw Failed($"conversion webhook for {crd} returned invalid converted object at index 0: invalid kind (expected {(string?)item["kind"]}, received {(string?)made["kind"]})");
        }

        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "uid"])
        {
            if ((string?)made["metadata"]?[name] != (string?)item["metadata"]?[name])
            {
                throw Failed($"conversion webhook for {crd} returned invalid metadata at index 0: invalid metadata: {name} must not be changed");
            }
        }
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
