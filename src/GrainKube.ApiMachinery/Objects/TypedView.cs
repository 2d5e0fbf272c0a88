using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GrainKube.ApiMachinery.Quantities;
using k8s;
using k8s.Models;

namespace GrainKube.ApiMachinery.Objects;

/// <summary>
/// Reads models of the <c>KubernetesClient</c> package in one go from memory (its own way through a stream keeps a state that can pause, and costs more), with amounts and short texts that are shared.
/// </summary>
/// <remarks>Which fields a manager owns is left out: it is half of a pod's bytes, and nobody asks a model for it (see <see cref="KubeObject.ToNode"/>).</remarks>
public static class TypedView
{
    private static readonly JsonSerializerOptions Options = OfThePackage();

    /// <summary>A model from UTF-8 JSON.</summary>
    /// <exception cref="JsonException">The bytes do not fit the model.</exception>
    public static T Of<T>(ReadOnlySpan<byte> utf8) where T : class => JsonSerializer.Deserialize(utf8, Info<T>())!;

    /// <summary>A model from a tree.</summary>
    /// <exception cref="JsonException">The tree does not fit the model.</exception>
    public static T Of<T>(JsonObject item) where T : class => item.Deserialize(Info<T>())!;

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions OfThePackage()
    {
        JsonSerializerOptions? found = null;
        KubernetesJson.AddJsonOptions(options => found = new JsonSerializerOptions(options));
        found!.Converters.Insert(0, new ModelQuantities.Converter());
        found.Converters.Insert(0, new SharedText());
        found.Converters.Insert(0, new Times());
        found.TypeInfoResolver = found.TypeInfoResolver!.WithAddedModifier(LeaveOutOwnedFields);
        return found;
    }

    private static void LeaveOutOwnedFields(JsonTypeInfo info)
    {
        if (info.Type == typeof(V1ObjectMeta))
        {
            info.Properties.First(p => p.Name == "managedFields").Set = null;
        }
    }

    /// <summary>Upstream writes null for a time that was not set, also where the model has one that cannot be null: as in Go it is the first of all times then.</summary>
    private sealed class Times : JsonConverter<DateTime>
    {
        private readonly KubernetesJson.KubernetesDateTimeConverter package = new();

        public override bool HandleNull => true;

        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? default : package.Read(ref reader, typeToConvert, options);

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => package.Write(writer, value, options);
    }

    /// <summary>Most texts of an object are in thousands of others as well.</summary>
    private sealed class SharedText : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Utf8Interner.Get(ref reader);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Utf8Interner.Get(ref reader);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }
}
