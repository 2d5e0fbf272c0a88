using System.Diagnostics.Metrics;
using GrainKube.Objects.Encryption.Kms;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Encryption;

/// <summary>Looks each minute whether the file of the EncryptionConfiguration says something else, and encrypts with that. A file that cannot be used changes nothing.</summary>
public sealed partial class EncryptionReload(EncryptedObjectStore store, string file, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private const string Prefix = "apiserver_encryption_config_controller_";
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // New plugins have so long to be well, and twice their own timeouts where that is more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly Meter Meter = new(ObjectsTelemetry.SourceName);
    private static readonly Counter<long> Reloads = Meter.CreateCounter<long>(Prefix + "automatic_reloads_total");
    private static readonly Gauge<double> ReloadedAt = Meter.CreateGauge<double>(Prefix + "automatic_reload_last_timestamp_seconds");
    private readonly ILogger log = logs.CreateLogger<EncryptionReload>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(Every, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the end
        }
    }

    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            if (EncryptionConfiguration.HashOf(await File.ReadAllBytesAsync(file, cancel)) == store.Configuration.Hash)
            {
                return;
            }

            var next = await EncryptionConfiguration.LoadAsync(file, time, logs, cancel);
            if (!await IsWellAsync(next, cancel))
            {
                return;
            }

            store.Use(next);
            Count("success");
            LogTaken(file);
        }
        catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException)
        {
            Count("failure");
            LogRefused(file, wrong.Message);
        }
    }

    /// <returns>False, and it is gone, where its plugins do not become well.</returns>
    private async Task<bool> IsWellAsync(EncryptionConfiguration next, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var patience = next.Grace > Patience ? next.Grace : Patience;
        var taken = false;
        try
        {
            while (!taken)
            {
                try
                {
                    await next.CheckAsync(cancel);
                    taken = true;
                }
                catch (KmsException unwell) when (time.GetElapsedTime(began) >= patience)
                {
                    Count("failure");
                    LogRefused(file, unwell.Message);
                    return false;
                }
                catch (KmsException)
                {
                    await Task.Delay(Again, time, cancel);
                }
            }

            return true;
        }
        finally
        {
            if (!taken)
            {
                await next.DisposeAsync();
            }
        }
    }

    private void Count(string status)
    {
        Reloads.Add(1, new KeyValuePair<string, object?>("status", status));
        ReloadedAt.Record(time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0, new KeyValuePair<string, object?>("status", status));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The encryption configuration {File} has changed and is used from now on")]
    private partial void LogTaken(string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The encryption configuration {File} has changed and cannot be used; the one from before stays: {Reason}")]
    private partial void LogRefused(string file, string reason);
}
