using k8s.Models;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>What a PriorityLevelConfiguration says, with upstream's defaults for what it leaves out.</summary>
/// <param name="IsExempt">Its requests never wait.</param>
/// <param name="Shares">Its part of the server's seats, beside the other levels' parts.</param>
/// <param name="LendablePercent">How many of its seats others may have while it does not need them.</param>
/// <param name="BorrowingPercent">How many seats it may borrow, of its own number; null for no limit.</param>
/// <param name="Queues">How many queues there are; 0 where requests that find no seat are refused.</param>
/// <param name="HandSize">How many of them a flow may use.</param>
/// <param name="QueueLength">How many requests may wait in one.</param>
internal sealed record LevelSettings(bool IsExempt, int Shares, int LendablePercent, int? BorrowingPercent, int Queues, int HandSize, int QueueLength)
{
    private const int DefaultShares = 30;

    public static LevelSettings Of(V1PriorityLevelConfigurationSpec? spec)
    {
        if (spec?.Type == "Exempt")
        {
            return new LevelSettings(true, spec.Exempt?.NominalConcurrencyShares ?? 0, spec.Exempt?.LendablePercent ?? 0, null, 0, 0, 0);
        }

        var limited = spec?.Limited;
        var queuing = limited?.LimitResponse is { Type: "Queue" } response ? response.Queuing ?? new V1QueuingConfiguration() : null;
        return new LevelSettings(
            false,
            limited?.NominalConcurrencyShares ?? DefaultShares,
            limited?.LendablePercent ?? 0,
            limited?.BorrowingLimitPercent,
            queuing is null ? 0 : Positive(queuing.Queues, 64),
            queuing is null ? 0 : Math.Min(Positive(queuing.HandSize, 8), Positive(queuing.Queues, 64)),
            queuing is null ? 0 : Positive(queuing.QueueLengthLimit, 50));
    }

    private static int Positive(int? value, int otherwise) => value is > 0 and var given ? given : otherwise;
}
