namespace GrainKube.ApiServer.FlowControl;

/// <summary>
/// Shuffle sharding: each flow has a hand of queues, so that one that fills its own leaves most other flows a queue that is free. (Two flows of a hand of six out of 128 share all of them
/// once in five thousand million.)
/// </summary>
internal static class Dealer
{
    /// <param name="entropy">Of the flow; the same gives the same hand.</param>
    /// <param name="deck">How many queues there are.</param>
    /// <param name="hand">Filled with different numbers below <paramref name="deck"/>; not longer than that.</param>
    public static void Deal(ulong entropy, int deck, Span<int> hand)
    {
        for (var i = 0; i < hand.Length; i++)
        {
            var left = (ulong)(deck - i);
            var card = (int)(entropy % left);
            entropy /= left;

            // The card-th of those that are not in the hand yet; the hand so far is kept in order.
            var at = 0;
            while (at < i && hand[at] <= card)
            {
                card++;
                at++;
            }

            for (var move = i; move > at; move--)
            {
                hand[move] = hand[move - 1];
            }

            hand[at] = card;
        }
    }
}
