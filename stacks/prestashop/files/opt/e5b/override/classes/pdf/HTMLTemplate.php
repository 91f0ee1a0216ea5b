<?php
/**
 * Poste d’examen : le poste n’atteint pas sa propre adresse ; le logo d’une facture est pris dans ses fichiers.
 */
abstract class HTMLTemplate extends HTMLTemplateCore
{
    public function assignCommonHeaderData()
    {
        parent::assignCommonHeaderData();
        $logo = $this->getLogo();
        $this->smarty->assign('logo_path', $logo ? _PS_IMG_DIR_ . $logo : null);
    }
}
