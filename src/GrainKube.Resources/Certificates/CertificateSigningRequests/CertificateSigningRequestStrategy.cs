using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;

namespace GrainKube.Resources.Certificates.CertificateSigningRequests;

/// <summary>Who asks for a certificate is what authentication found out, never what the request claims; afterwards the request is fixed.</summary>
internal sealed class CertificateSigningRequestStrategy : IStrategy
{
    private static readonly string[] Claims = ["username", "uid", "groups", "extra"];

    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        var spec = item.Ensure("spec");
        foreach (var claim in Claims)
        {
            spec.Remove(claim);
        }

        Name(spec, scope.User);
    }

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => next.CarryOver("spec", current);

    public void PrepareForStatusUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        if (next["status"] is JsonObject status)
        {
            CertificateApproval.Date(status, current["status"]?["conditions"] as JsonArray ?? [], scope.Now);
        }
    }

    private static void Name(JsonObject spec, UserInfo user)
    {
        spec["username"] = user.Name;
        if (user.Uid.Length > 0)
        {
            spec["uid"] = user.Uid;
        }

        if (user.Groups.Count > 0)
        {
            spec["groups"] = new JsonArray([.. user.Groups.Select(g => JsonValue.Create(g))]);
        }

        if (user.Extra.Count > 0)
        {
            spec["extra"] = new JsonObject(user.Extra.Select(
                e => KeyValuePair.Create(e.Key, (JsonNode?)new JsonArray([.. e.Value.Select(v => JsonValue.Create(v))]))));
        }
    }
}
