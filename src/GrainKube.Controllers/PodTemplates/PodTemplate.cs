using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GrainKube.Controllers.PodTemplates;

/// <summary>Compares and names pod templates.</summary>
internal static class PodTemplate
{
    /// <summary>Label by which a ReplicaSet tells its template from others of the same deployment.</summary>
    public const string HashLabel = "pod-template-hash";

    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Equal but for the hash label that the ReplicaSet adds.</summary>
    public static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(WithoutHash(one), WithoutHash(other));

    /// <summary>A short name for a template; another <paramref name="collisions"/> gives another name.</summary>
    public static string Hash(JsonNode template, int collisions)
    {
        var text = new StringBuilder();
        Canonical(template, text);
        text.Append(CultureInfo.InvariantCulture, $"#{collisions}");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return string.Create(10, digest, static (chars, bytes) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }

    private static JsonNode? WithoutHash(JsonNode? template)
    {
        var copy = template?.DeepClone();
        if (copy?["metadata"] is JsonObject metadata)
        {
            metadata.Remove("creationTimestamp");
            if (metadata["labels"] is JsonObject labels)
            {
                labels.Remove(HashLabel);
            }
        }

        return copy;
    }

    // Members sorted, so that two ways of writing one template have one name.
    private static void Canonical(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject members:
                text.Append('{');
                foreach (var member in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    text.Append('"').Append(member.Key).Append("\":");
                    Canonical(member.Value, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var item in items)
                {
                    Canonical(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
