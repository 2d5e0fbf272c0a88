using System.Text.Json;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Resources.Core.Pods;

/// <summary>The claims that a pod's volumes name, those of its ephemeral volumes included; read once for each version of a pod, from its bytes: most pods have none.</summary>
public sealed class PodClaims
{
    private static readonly PodClaims None = new([]);
    private readonly string[] names;

    private PodClaims(string[] names) => this.names = names;

    /// <summary>Names of claims in the pod's namespace.</summary>
    public static IReadOnlyList<string> Of(KubeObject pod) => pod.Derive(Read).names;

    /// <summary>Name of the claim that is made for a pod's ephemeral volume.</summary>
    public static string OfEphemeral(string pod, string volume) => $"{pod}-{volume}";

    private static PodClaims Read(KubeObject pod)
    {
        List<string>? found = null;
        var json = new Utf8JsonReader(pod.Json.Span);
        if (json.Read() && Find(ref json, "spec"u8) && Find(ref json, "volumes"u8) && json.TokenType == JsonTokenType.StartArray)
        {
            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            {
                if (ReadVolume(ref json, pod.Key.Name) is { Length: > 0 } name && found?.Contains(name) != true)
                {
                    (found ??= []).Add(name);
                }
            }
        }

        return found is null ? None : new PodClaims([.. found]);
    }

    private static string? ReadVolume(ref Utf8JsonReader json, string pod)
    {
        var (volume, claim, ephemeral) = ("", (string?)null, false);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isName, isClaim, isEphemeral) = (json.ValueTextEquals("name"u8), json.ValueTextEquals("persistentVolumeClaim"u8), json.ValueTextEquals("ephemeral"u8));
            json.Read();
            ephemeral |= isEphemeral && json.TokenType == JsonTokenType.StartObject;
            if (isName)
            {
                volume = json.GetString() ?? "";
            }
            else if (isClaim && json.TokenType == JsonTokenType.StartObject)
            {
                claim = ReadClaimName(ref json);
                continue;
            }

            json.Skip();
        }

        return claim ?? (ephemeral ? OfEphemeral(pod, volume) : null);
    }

    private static string ReadClaimName(ref Utf8JsonReader json)
    {
        var name = "";
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isName = json.ValueTextEquals("claimName"u8);
            json.Read();
            if (isName)
            {
                name = json.GetString() ?? "";
            }

            json.Skip();
        }

        return name;
    }

    /// <summary>Moves from the start of an object to the value of one of its members.</summary>
    private static bool Find(ref Utf8JsonReader json, ReadOnlySpan<byte> member)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(member);
            json.Read();
            if (found)
            {
                return true;
            }

            json.Skip();
        }

        return false;
    }
}
