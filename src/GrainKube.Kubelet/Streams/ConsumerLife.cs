namespace GrainKube.Kubelet.Streams;

/// <summary>
/// Tells when the silo whose gateway reads a stream has left the cluster. Orleans itself notices an abandoned stream only after most of a minute, too late for a command that is to end with its client.
/// </summary>
internal sealed class ConsumerLife : IDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource disposed = new();

    private ConsumerLife()
    {
    }

    public CancellationToken Ended => ended.Token;

    /// <param name="membership">The cluster's members.</param>
    /// <param name="silo">The consumer's silo as <see cref="SiloAddress.ToParsableString"/> writes it; empty follows nothing.</param>
    public static ConsumerLife Of(IClusterMembershipService membership, string silo)
    {
        var life = new ConsumerLife();
        if (silo.Length > 0)
        {
            _ = life.FollowAsync(membership, SiloAddress.FromParsableString(silo));
        }

        return life;
    }

    public void Dispose() => disposed.Cancel();

    private async Task FollowAsync(IClusterMembershipService membership, SiloAddress silo)
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(disposed.Token))
            {
                if (snapshot.GetSiloStatus(silo) == SiloStatus.Dead)
                {
                    await ended.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (disposed.IsCancellationRequested)
        {
        }
    }
}
