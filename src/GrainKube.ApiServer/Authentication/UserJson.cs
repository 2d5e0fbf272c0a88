using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;

namespace GrainKube.ApiServer.Authentication;

/// <summary>A user as reviews show it.</summary>
internal static class UserJson
{
    public static JsonObject Of(UserInfo user)
    {
        var json = new JsonObject { ["username"] = user.Name };
        if (user.Uid.Length > 0)
        {
            json["uid"] = user.Uid;
        }

        if (user.Groups.Count > 0)
        {
            json["groups"] = new JsonArray([.. user.Groups.Select(g => (JsonNode)g)]);
        }

        if (user.Extra.Count > 0)
        {
            json["extra"] = new JsonObject(user.Extra.OrderBy(e => e.Key, StringComparer.Ordinal)
                .Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, new JsonArray([.. e.Value.Select(v => (JsonNode)v)]))));
        }

        return json;
    }
}
