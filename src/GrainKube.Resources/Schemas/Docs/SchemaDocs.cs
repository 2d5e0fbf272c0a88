using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;

namespace GrainKube.Resources.Schemas.Docs;

/// <summary>Upstream's documentation of types and fields, for OpenAPI and <c>kubectl explain</c>: the XML documentation of the models, which the build has packed into this assembly.</summary>
public static class SchemaDocs
{
    // Unpacked these are megabytes that only the making of OpenAPI needs: they may go between two askings.
    private static readonly WeakReference<FrozenDictionary<string, string>?> Known = new(null);

    /// <summary>The text for a model, or for one of its properties by its C# name; null where there is none.</summary>
    public static string? For(Type model, string? property = null) => Texts().GetValueOrDefault(property is null ? model.Name : $"{model.Name}.{property}");

    /// <summary>The text for the list of a model, and the one for the list's items; null where there is none.</summary>
    public static (string? List, string? Items) ForList(Type model) => (Texts().GetValueOrDefault($"{model.Name}List"), Texts().GetValueOrDefault($"{model.Name}List.Items"));

    private static FrozenDictionary<string, string> Texts()
    {
        lock (Known)
        {
            if (!Known.TryGetTarget(out var texts))
            {
                texts = Read().ToFrozenDictionary(StringComparer.Ordinal);
                Known.SetTarget(texts);
            }

            return texts;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Read()
    {
        using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream("schema-docs.gz")!;
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t');
            yield return new(line[..tab], line[(tab + 1)..].Replace("\\n", "\n", StringComparison.Ordinal));
        }
    }
}
