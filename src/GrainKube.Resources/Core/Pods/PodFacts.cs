using System.Text.Json;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Resources.Core.Pods;

/// <summary>What controllers ask of thousands of pods, read once from each version's bytes without a typed view.</summary>
public sealed class PodFacts
{
    private PodFacts() { }

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>; empty before the first status.</summary>
    public string Phase { get; private set; } = "";

    /// <summary>Empty while the pod is not bound.</summary>
    public string NodeName { get; private set; } = "";

    /// <summary>The Ready condition is True.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Last transition of the Ready condition.</summary>
    public DateTimeOffset? ReadySince { get; private set; }

    /// <summary>The highest restart count among the containers.</summary>
    public int Restarts { get; private set; }

    /// <summary>Deletion was asked for.</summary>
    public bool IsTerminating { get; private set; }

    /// <summary><c>controller.kubernetes.io/pod-deletion-cost</c>; 0 where absent or no number.</summary>
    public int DeletionCost { get; private set; }

    /// <summary>Neither finished nor on its way out: counts as a replica.</summary>
    public bool IsActive => !IsTerminating && !IsFinished;

    /// <summary>Succeeded or Failed.</summary>
    public bool IsFinished => Phase is "Succeeded" or "Failed";

    public static PodFacts Of(KubeObject pod) => pod.Derive(Read);

    /// <summary>Ready for at least that long.</summary>
    public bool IsAvailable(int minReadySeconds, DateTimeOffset now) =>
        IsReady && (minReadySeconds == 0 || (ReadySince is { } since && since.AddSeconds(minReadySeconds) <= now));

    private static PodFacts Read(KubeObject pod)
    {
        var facts = new PodFacts { IsTerminating = pod.Header.DeletionTimestamp is not null };
        var json = new Utf8JsonReader(pod.Json.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("metadata"u8))
            {
                json.Read();
                facts.ReadMetadata(ref json);
            }
            else if (json.ValueTextEquals("spec"u8))
            {
                json.Read();
                facts.ReadSpec(ref json);
            }
            else if (json.ValueTextEquals("status"u8))
            {
                json.Read();
                facts.ReadStatus(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return facts;
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        while (Next(ref json))
        {
            if (json.ValueTextEquals("annotations"u8) && Opens(ref json, JsonTokenType.StartObject))
            {
                while (Next(ref json))
                {
                    var cost = json.ValueTextEquals("controller.kubernetes.io/pod-deletion-cost"u8);
                    json.Read();
                    if (cost && int.TryParse(json.GetString(), out var value))
                    {
                        DeletionCost = value;
                    }

                    json.Skip();
                }
            }
            else
            {
                SkipValue(ref json);
            }
        }
    }

    private void ReadSpec(ref Utf8JsonReader json)
    {
        while (Next(ref json))
        {
            var node = json.ValueTextEquals("nodeName"u8);
            json.Read();
            if (node)
            {
                NodeName = json.GetString() ?? "";
            }

            json.Skip();
        }
    }

    private void ReadStatus(ref Utf8JsonReader json)
    {
        while (Next(ref json))
        {
            if (json.ValueTextEquals("phase"u8))
            {
                json.Read();
                Phase = Known(json.GetString() ?? "");
            }
            else if (json.ValueTextEquals("conditions"u8) && Opens(ref json, JsonTokenType.StartArray))
            {
                while (json.Read() && json.TokenType == JsonTokenType.StartObject)
                {
                    ReadCondition(ref json);
                }
            }
            else if (json.ValueTextEquals("containerStatuses"u8) && Opens(ref json, JsonTokenType.StartArray))
            {
                while (json.Read() && json.TokenType == JsonTokenType.StartObject)
                {
                    ReadContainerStatus(ref json);
                }
            }
            else
            {
                SkipValue(ref json);
            }
        }
    }

    private void ReadCondition(ref Utf8JsonReader json)
    {
        var (ready, status, since) = (false, false, (DateTimeOffset?)null);
        while (Next(ref json))
        {
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                ready = json.ValueTextEquals("Ready"u8);
            }
            else if (json.ValueTextEquals("status"u8))
            {
                json.Read();
                status = json.ValueTextEquals("True"u8);
            }
            else if (json.ValueTextEquals("lastTransitionTime"u8))
            {
                json.Read();
                since = json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out var at) ? at : null;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        if (ready)
        {
            (IsReady, ReadySince) = (status, since);
        }
    }

    private void ReadContainerStatus(ref Utf8JsonReader json)
    {
        while (Next(ref json))
        {
            var restarts = json.ValueTextEquals("restartCount"u8);
            json.Read();
            if (restarts && json.TryGetInt32(out var count))
            {
                Restarts = Math.Max(Restarts, count);
            }

            json.Skip();
        }
    }

    private static bool Next(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Steps onto the value; true where it opens what is asked for.</summary>
    private static bool Opens(ref Utf8JsonReader json, JsonTokenType token)
    {
        json.Read();
        return json.TokenType == token;
    }

    // After an Opens that said no, the reader stands on the value already.
    private static void SkipValue(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.PropertyName)
        {
            json.Read();
        }

        json.Skip();
    }

    // One string for each phase, not one for each pod.
    private static string Known(string phase) => string.IsInterned(phase) ?? phase;
}
