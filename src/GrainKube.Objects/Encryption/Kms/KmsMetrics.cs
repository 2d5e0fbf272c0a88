using System.Diagnostics.Metrics;
using Grpc.Core;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>What is counted of plugins, under upstream's names. Key ids are shown as their hashes.</summary>
internal static class KmsMetrics
{
    private const string Prefix = "apiserver_envelope_encryption_";
    private static readonly Meter Meter = new(ObjectsTelemetry.SourceName);
    private static readonly Counter<long> KeyUses = Meter.CreateCounter<long>(Prefix + "key_id_hash_total");
    private static readonly Gauge<double> KeySeen = Meter.CreateGauge<double>(Prefix + "key_id_hash_status_last_timestamp_seconds");
    private static readonly Counter<long> BadKeyIds = Meter.CreateCounter<long>(Prefix + "invalid_key_id_from_status_total");
    private static readonly Gauge<int> KnownKeys = Meter.CreateGauge<int>(Prefix + "dek_source_cache_size");
    private static readonly Counter<long> Misses = Meter.CreateCounter<long>("apiserver_storage_envelope_transformation_cache_misses_total");
    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>(
        Prefix + "kms_operations_latency_seconds", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. Enumerable.Range(0, 20).Select(i => 0.0001 * (1 << i))] });

    public static void Called(string provider, string method, StatusCode code, TimeSpan took) =>
        Calls.Record(took.TotalSeconds, new("provider_name", provider), new("method_name", $"/v2.KeyManagementService/{method}"), new("grpc_status_code", code.ToString()));

    public static void Encrypted(string provider, string keyHash) => Used("to_storage", provider, keyHash);

    public static void Decrypted(string provider, string keyHash) => Used("from_storage", provider, keyHash);

    public static void Missed() => Misses.Add(1);

    public static void Known(string provider, int keys) => KnownKeys.Record(keys, new KeyValuePair<string, object?>("provider_name", provider));

    public static void Seen(string provider, string keyHash, DateTimeOffset now) =>
        KeySeen.Record(now.ToUnixTimeMilliseconds() / 1000.0, new("provider_name", provider), new("key_id_hash", keyHash));

    public static void BadKeyId(string provider, bool isEmpty) => BadKeyIds.Add(1, new("provider_name", provider), new("error", isEmpty ? "empty" : "too_long"));

    private static void Used(string way, string provider, string keyHash) =>
        KeyUses.Add(1, new("transformation_type", way), new("provider_name", provider), new("key_id_hash", keyHash));
}
