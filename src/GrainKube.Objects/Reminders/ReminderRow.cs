using System.Text.Json.Serialization;

namespace GrainKube.Objects.Reminders;

/// <summary>A reminder as it is stored.</summary>
internal sealed record ReminderRow(string Grain, string Name, DateTime Start, TimeSpan Period);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReminderRow))]
internal sealed partial class ReminderJson : JsonSerializerContext;
