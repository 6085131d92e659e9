// Generated from www/ by `npm run types:package`.

/**
 * The element of a figure lies where `moduleOf` says, and its `register()` defines it. One with `few` has a form with
 * few controls, in `embed/few/`, at most so many pixels high in a column of 680. With `after` it stands below training
 * in the lab, about the models that were trained. `needs` says when a figure needs its engine and its pictures: `now`,
 * to be seen at all; in a `study` or a `run`, which the visitor starts; or never. `results` are megabytes of what was
 * computed beforehand, where they count.
 */
export declare const FIGURES: {
    lab: {
        module: string;
        title: string;
        needs: string;
        about: string;
    };
    fool: {
        few: number;
        title: string;
        needs: string;
        about: string;
    };
    nudge: {
        few: number;
        title: string;
        needs: string;
        about: string;
    };
    perturbations: {
        after: boolean;
        title: string;
        needs: string;
        about: string;
    };
    train: {
        title: string;
        needs: string;
        about: string;
    };
    attack: {
        after: boolean;
        few: number;
        title: string;
        needs: string;
        about: string;
    };
    robustness: {
        after: boolean;
        title: string;
        needs: string;
        about: string;
    };
    look: {
        title: string;
        needs: string;
        about: string;
    };
    saliency: {
        after: boolean;
        title: string;
        needs: string;
        about: string;
    };
    survey: {
        module: string;
        after: boolean;
        title: string;
        needs: string;
        about: string;
    };
    response: {
        after: boolean;
        title: string;
        needs: string;
        results: number;
        about: string;
    };
    smoothness: {
        after: boolean;
        title: string;
        needs: string;
        about: string;
    };
    transfer: {
        after: boolean;
        title: string;
        needs: string;
        about: string;
    };
    claims: {
        title: string;
        needs: string;
        about: string;
    };
};
export type Figure = keyof typeof FIGURES;
