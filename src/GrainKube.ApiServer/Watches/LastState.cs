using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Watches;

/// <summary>The object of a DELETED event: the state before, under the revision of the change. Made once for all watchers.</summary>
internal static class LastState
{
    private static readonly ConditionalWeakTable<ObjectChange, KubeObject> Known = [];

    public static KubeObject Of(ObjectChange change) => change.Before!.Revision == change.Revision ? change.Before : Known.GetValue(change, Make);

    private static KubeObject Make(ObjectChange change)
    {
        var before = change.Before!;
        return new KubeObject(before.Key, before.Header with { Revision = change.Revision }, WithRevision(before.Json.Span, change.Revision));
    }

    private static byte[] WithRevision(ReadOnlySpan<byte> json, long revision)
    {
        var (start, end) = Find(json);
        Span<byte> digits = stackalloc byte[20];
        revision.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        var made = new byte[json.Length - (end - start) + length];
        json[..start].CopyTo(made);
        digits[..length].CopyTo(made.AsSpan(start));
        json[end..].CopyTo(made.AsSpan(start + length));
        return made;
    }

    /// <summary>The place of the digits of <c>metadata.resourceVersion</c>.</summary>
    private static (int Start, int End) Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (!isMetadata)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals("resourceVersion"u8);
                reader.Read();
                if (found)
                {
                    return ((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
                }

                reader.Skip();
            }
        }

        throw new JsonException("an object of the cache has no resourceVersion");
    }
}
