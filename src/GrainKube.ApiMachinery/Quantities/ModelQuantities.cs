using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace GrainKube.ApiMachinery.Quantities;

/// <summary>The amounts in models. The package reads and writes them by fractions of big integers, microseconds and kilobytes each; a cluster has few different ones, so each is read once.</summary>
public static class ModelQuantities
{
    private static readonly ConditionalWeakTable<ResourceQuantity, StrongBox<Quantity>> Read = [];

    /// <exception cref="FormatException">It is no quantity.</exception>
    public static Quantity ToQuantity(this ResourceQuantity amount) => Read.GetValue(amount, static unread => new StrongBox<Quantity>(Quantity.Parse(unread.ToString()))).Value;

    /// <summary>Gives the same instance for the same text, as long as there are not too many; they cannot be changed.</summary>
    internal sealed class Converter : JsonConverter<ResourceQuantity>
    {
        private const int Most = 4096;
        private const int LongestText = 32;
        private readonly ConcurrentDictionary<string, ResourceQuantity> known = new(StringComparer.Ordinal);
        private int count;

        public override ResourceQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || reader.ValueSpan.Length > LongestText)
            {
                return new ResourceQuantity(reader.GetString());
            }

            Span<char> text = stackalloc char[LongestText];
            var length = reader.CopyString(text);
            if (known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var amount))
            {
                return amount;
            }

            var made = text[..length].ToString();
            amount = new ResourceQuantity(made);
            if (Volatile.Read(ref count) < Most && known.TryAdd(made, amount))
            {
                Interlocked.Increment(ref count);
            }

            return amount;
        }

        public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
