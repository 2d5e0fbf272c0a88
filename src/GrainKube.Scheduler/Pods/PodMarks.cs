using System.Text.Json;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Scheduler.Pods;

/// <summary>What the scheduler takes from a pod's status, and that it is on its way out; read from the bytes without a typed view, because statuses change often.</summary>
internal sealed record PodMarks
{
    private PodMarks() { }

    /// <summary>When the kubelet took it up; null before.</summary>
    public DateTimeOffset? Started { get; private set; }

    public bool IsTerminating { get; private init; }

    /// <summary>A scheduler pushed it out to make room.</summary>
    public bool IsPreempted { get; private set; }

    /// <summary>The node where room is made for it, or empty.</summary>
    public string NominatedNode { get; private set; } = "";

    /// <summary>A node cannot give it the resources it was resized to.</summary>
    public bool IsResizeInfeasible { get; private set; }

    /// <summary>Stands for the resources that its node gave it. Zero for a pod whose spec never changed: such a pod has what it asks for.</summary>
    public int Given { get; private set; }

    public static PodMarks Of(KubeObject pod) => pod.Derive(Read);

    private static PodMarks Read(KubeObject pod)
    {
        var marks = new PodMarks { IsTerminating = pod.Header.DeletionTimestamp is not null };
        var json = new Utf8JsonReader(pod.Json.Span);
        json.Read();
        while (Next(ref json))
        {
            var isStatus = json.ValueTextEquals("status"u8);
            json.Read();
            if (isStatus && json.TokenType == JsonTokenType.StartObject)
            {
                marks.ReadStatus(ref json, pod);
            }
            else
            {
                json.Skip();
            }
        }

        return marks;
    }

    private void ReadStatus(ref Utf8JsonReader json, KubeObject pod)
    {
        while (Next(ref json))
        {
            if (json.ValueTextEquals("startTime"u8))
            {
                json.Read();
                Started = json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out var at) ? at : null;
            }
            else if (json.ValueTextEquals("nominatedNodeName"u8))
            {
                json.Read();
                NominatedNode = json.GetString() ?? "";
            }
            else if (json.ValueTextEquals("conditions"u8))
            {
                Each(ref json, ReadCondition);
            }
            else if (pod.Header.Generation > 1 && (json.ValueTextEquals("containerStatuses"u8) || json.ValueTextEquals("initContainerStatuses"u8)))
            {
                var bytes = pod.Json.Span;
                var given = new HashCode();
                given.Add(Given);
                json.Read();
                while (json.TokenType == JsonTokenType.StartArray && json.Read() && json.TokenType == JsonTokenType.StartObject)
                {
                    while (Next(ref json))
                    {
                        var counts = json.ValueTextEquals("allocatedResources"u8) || json.ValueTextEquals("resources"u8);
                        json.Read();
                        var start = (int)json.TokenStartIndex;
                        json.Skip();
                        if (counts)
                        {
                            given.AddBytes(bytes[start..(int)json.BytesConsumed]);
                        }
                    }
                }

                Given = given.ToHashCode();
            }
            else if (pod.Header.Generation > 1 && (json.ValueTextEquals("allocatedResources"u8) || json.ValueTextEquals("resources"u8)))
            {
                json.Read();
                var start = (int)json.TokenStartIndex;
                json.Skip();
                var given = new HashCode();
                given.Add(Given);
                given.AddBytes(pod.Json.Span[start..(int)json.BytesConsumed]);
                Given = given.ToHashCode();
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadCondition(ref Utf8JsonReader json)
    {
        var (type, status, reason) = ("", "", "");
        while (Next(ref json))
        {
            var (isType, isStatus, isReason) = (json.ValueTextEquals("type"u8), json.ValueTextEquals("status"u8), json.ValueTextEquals("reason"u8));
            json.Read();
            type = isType ? json.GetString() : type;
            status = isStatus ? json.GetString() : status;
            reason = isReason ? json.GetString() : reason;
            json.Skip();
        }

        IsPreempted |= type == "DisruptionTarget" && status == "True" && reason == "PreemptionByScheduler";
        IsResizeInfeasible |= type == "PodResizePending" && reason == "Infeasible";
    }

    private delegate void Reading(ref Utf8JsonReader json);

    private static void Each(ref Utf8JsonReader json, Reading read)
    {
        json.Read();
        while (json.TokenType != JsonTokenType.Null && json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            read(ref json);
        }
    }

    private static bool Next(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;
}
