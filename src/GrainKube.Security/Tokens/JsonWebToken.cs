using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace GrainKube.Security.Tokens;

/// <summary>Signs and checks JSON Web Tokens (RFC 7519): the little that service-account tokens need.</summary>
internal static class JsonWebToken
{
    public static string Sign(ReadOnlySpan<byte> payload, TokenKey key, string keyId)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["alg"] = key.Algorithm, ["kid"] = keyId });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The payload without any check of who signed it, or null where the text is no token.</summary>
    public static JsonDocument? ReadPayload(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || Decode(parts[1]) is not { } payload)
        {
            return null;
        }

        try
        {
            var json = JsonDocument.Parse(payload);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }

            json.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>True where the token is of the key's algorithm and its signature was made with it.</summary>
    public static bool IsSignedBy(string token, TokenKey key)
    {
        var dot = token.LastIndexOf('.');
        var first = token.IndexOf('.');
        return first > 0 && dot > first
            && IsOf(key.Algorithm, token[..first])
            && Decode(token[(dot + 1)..]) is { } signature
            && key.Verify(Encoding.ASCII.GetBytes(token[..dot]), signature);
    }

    private static bool IsOf(string wanted, string header)
    {
        try
        {
            using var json = JsonDocument.Parse(Decode(header) ?? []);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("alg", out var algorithm)
                && algorithm.ValueKind == JsonValueKind.String
                && algorithm.ValueEquals(wanted);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[]? Decode(string part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        return Base64Url.DecodeFromChars(part, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }
}
