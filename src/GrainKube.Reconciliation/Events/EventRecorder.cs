using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Objects.Client;
using GrainKube.Objects.Store;

namespace GrainKube.Reconciliation.Events;

/// <summary>
/// Records <c>v1 Event</c>s about objects. Equal events become one with a growing count; a flood about one object is damped as upstream damps it. Never blocks and never fails the caller.
/// </summary>
/// <remarks>An event that cannot be written (its namespace is going, the store is away) is dropped: events are advice, not state.</remarks>
public sealed class EventRecorder : IAsyncDisposable
{
    private readonly Channel<PendingEvent> pending = Channel.CreateBounded<PendingEvent>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ObjectClient objects;
    private readonly string component;
    private readonly string host;
    private readonly TimeProvider time;
    private readonly EventCorrelator correlator;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task writer;

    /// <param name="objects">Writes under the component's identity.</param>
    /// <param name="component"><c>source.component</c>, for example <c>replicaset-controller</c> or <c>kubelet</c>.</param>
    /// <param name="host">The node, for kubelets; otherwise empty.</param>
    /// <param name="time">Clock.</param>
    public EventRecorder(ObjectClient objects, string component, string host, TimeProvider time)
    {
        (this.objects, this.component, this.host, this.time) = (objects, component, host, time);
        correlator = new EventCorrelator(time);
        writer = WriteAllAsync();
    }

    /// <param name="about">The object the event is about.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">CamelCase, for example <c>ScalingReplicaSet</c>.</param>
    /// <param name="message">What a person reads.</param>
    /// <param name="fieldPath">Part of the object, for example <c>spec.containers{web}</c>; empty for the whole.</param>
    public void Record(KubeObject about, string type, string reason, string message, string fieldPath = "") =>
        pending.Writer.TryWrite(new PendingEvent(about.Header, type, reason, message, fieldPath, time.GetUtcNow()));

    public void Normal(KubeObject about, string reason, string message, string fieldPath = "") => Record(about, "Normal", reason, message, fieldPath);

    public void Warning(KubeObject about, string reason, string message, string fieldPath = "") => Record(about, "Warning", reason, message, fieldPath);

    /// <summary>Writes what is pending, for two seconds at most, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        stopping.CancelAfter(TimeSpan.FromSeconds(2));
        await writer;
        stopping.Dispose();
    }

    private async Task WriteAllAsync()
    {
        await foreach (var item in pending.Reader.ReadAllAsync())
        {
            try
            {
                await WriteAsync(item);
            }
            catch (Exception error) when (error is ApiException or StoreException or OperationCanceledException or TimeoutException or Orleans.Runtime.OrleansException)
            {
                // Dropped: see the remarks.
            }
        }
    }

    private async Task WriteAsync(PendingEvent item)
    {
        var decision = correlator.Correlate(item);
        if (decision.Drop)
        {
            return;
        }

        if (decision.Existing is { } key)
        {
            try
            {
                await objects.PatchAsync(
                    key,
                    new JsonObject { ["count"] = decision.Count, ["lastTimestamp"] = GoTime.Format(item.At), ["message"] = decision.Message },
                    "",
                    null,
                    stopping.Token);
                return;
            }
            catch (ApiException gone) when (gone.Status.Code == 404)
            {
                // It expired; a new one begins.
            }
        }

        var created = await objects.CreateAsync(Event(item, decision), stopping.Token);
        correlator.Remember(decision, created.Key);
    }

    private JsonObject Event(PendingEvent item, EventDecision decision)
    {
        var about = item.About;
        var ns = about.Namespace.Length == 0 ? "default" : about.Namespace;
        var involved = new JsonObject
        {
            ["kind"] = about.Kind,
            ["name"] = about.Name,
            ["uid"] = about.Uid,
            ["apiVersion"] = about.ApiVersion,
            ["resourceVersion"] = about.Revision.ToString(CultureInfo.InvariantCulture),
        };
        if (about.Namespace.Length > 0)
        {
            involved["namespace"] = about.Namespace;
        }

        if (item.FieldPath.Length > 0)
        {
            involved["fieldPath"] = item.FieldPath;
        }

        var source = new JsonObject { ["component"] = component };
        if (host.Length > 0)
        {
            source["host"] = host;
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"{about.Name}.{item.At.UtcTicks:x16}{Random.Shared.Next(0x1000):x3}"),
                ["namespace"] = ns,
            },
            ["involvedObject"] = involved,
            ["reason"] = item.Reason,
            ["message"] = decision.Message,
            ["source"] = source,
            ["firstTimestamp"] = GoTime.Format(item.At),
            ["lastTimestamp"] = GoTime.Format(item.At),
            ["count"] = decision.Count,
            ["type"] = item.Type,
            ["eventTime"] = null,
            ["reportingComponent"] = component,
            ["reportingInstance"] = host,
        };
    }
}
